"""What an answer costs by its length: a KB late in a long one as much as early in a short one."""

from tests.bench.figures import Figure, median
from tests.bench.load import ask
from tests.bench.stage import Stage

# KB of the answer and how often it is asked for: short ones cost too little to be measured once.
LENGTHS = {5: 8, 50: 2, 500: 1}
LINEAR = 1.25


async def figures(stage: Stage, reps: int) -> list[Figure]:
    rounds = [{length: await _cost(stage, length) for length in LENGTHS} for _ in range(reps)]
    costs = {
        length: (median(r[length][0] for r in rounds), median(r[length][1] for r in rounds))
        for length in LENGTHS
    }
    rows: list[Figure] = []
    for what, unit, place in (("server CPU", "ms/KB", 0), ("socket bytes", "KB/KB", 1)):
        by_length = {length: cost[place] for length, cost in costs.items()}
        rows += [
            Figure(f"answer of {length} KB: {what}", unit, [total / length])
            for length, total in by_length.items()
        ]
        rows.append(
            Figure(f"{what} of a KB, late to early", "×", [_growth(by_length)], most=LINEAR)
        )
    return rows


async def _cost(stage: Stage, length: int) -> tuple[float, float]:
    """CPU milliseconds and KB on the socket for one answer."""
    asked = LENGTHS[length]
    loads = [await ask(stage, stage.site, f"markdown-{length}k-2000", 1) for _ in range(asked)]
    cpu_s = sum(load.cpu_s for load in loads)
    size = sum(trace.size for load in loads for trace in load.traces)
    return cpu_s * 1000 / asked, size / 1024 / asked


def _growth(totals: dict[int, float]) -> float:
    """The slope from 50 to 500 KB over that from 5 to 50: what each answer costs once is in
    neither."""
    early = (totals[50] - totals[5]) / 45
    return (totals[500] - totals[50]) / 450 / early
