"""What is asked and answered in the pictures: (question, thoughts, answer)."""

Turns = list[tuple[str, str, str]]

TITLES = [
    "Names for a small cat",
    "把这封邮件写得短一点",
    "Regular expression for dates, and why the first attempt was wrong",
    "A week in Lisbon",
    "The difference between a mutex and a semaphore",
    "旅行清单",
]

SHORT: Turns = [("Which is larger, 9.9 or 9.11?", "", "**9.9** is larger: 9.90 is more than 9.11.")]

ENGLISH: Turns = [
    (
        "Why would I give each worker a queue of its own?",
        "They ask about work stealing. First the contention, then the figures.",
        """## One queue is one lock

With a single queue every worker waits for the same lock. With a queue each, a worker takes from
its own and only *steals* when it is empty.[^1]

1. **Contention** falls from every take to every steal.
2. **Locality**: what a task has just put down is still in the cache.
3. Order is lost, so write down whether anybody relies on it.

> A steal costs more than a take, and there are far fewer of them.

| Workers | One queue | A queue each |
| ------: | --------: | -----------: |
| 4 | 1.9 M/s | 3.6 M/s |
| 16 | 2.1 M/s | 13.8 M/s |

```python
def take(own: Queue, others: list[Queue]) -> Task | None:
    # From the end, where the cache is warm.
    if task := own.pop():
        return task
    return next((task for queue in others if (task := queue.steal())), None)
```

The expected wait with $n$ workers is

$$
W = \\frac{\\rho}{1 - \\rho} \\cdot \\frac{1}{n\\mu}

\\qquad \\rho < 1
$$

- [x] measured
- [ ] written down

[^1]: Blumofe and Leiserson, *Scheduling Multithreaded Computations by Work Stealing*, 1999.
""",
    )
]

CHINESE: Turns = [
    (
        "为什么要用消息队列？",
        "先说解耦，再说削峰，最后给一个例子。",
        """## 三个理由

消息队列把**“谁来做”**和**“什么时候做”**分开了。生产者写入之后就可以返回，\
不必等待 3 个下游服务。[^1]

1. **解耦**：生产者不需要知道有多少消费者。
2. **削峰**：流量高峰时，请求先排队，数据库不会被压垮。
3. **重试**：失败的任务留在队列里，稍后再来。

> 队列不会让工作变少，它只是让工作可以等一等。

| 方案 | 吞吐量 | 延迟 |
| --- | ---: | ---: |
| 直接调用 | 1,900/s | 12 ms |
| 消息队列 | 13,800/s | 40 ms |

```python
async def 处理(消息: Message) -> None:
    await 数据库.写入(消息.内容)  # 成功之后才确认
```

[^1]: 参见《数据密集型应用系统设计》第 11 章。
""",
    )
]

INSTRUCTION = "Never give the answer. Ask one short question at a time that leads there."
OPENING = "What would you like to understand today?\nTell me what you know already."
LETTER = "Write a letter to {{who}}.\n\nWhat it is about: {{what it is about}}\nTone: {{tone}}"
