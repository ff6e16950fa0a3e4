// Lines of JSON as they come; an empty one says nothing.

export function valuesOf(body) {
  return read(body.pipeThrough(new TextDecoderStream()).getReader());
}

async function* read(reader) {
  let rest = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const lines = (rest + part.value).split("\n");
    rest = lines.pop();
    for (const line of lines) if (line) yield JSON.parse(line);
  }
}
