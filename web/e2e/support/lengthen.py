"""Make a chat as long as years of use make it: lengthen.py DATABASE CHAT COUNT

Copies the first question and the first answer of the chat, with other words in them, until it has COUNT
messages on one path. Ten thousand questions through the door would take minutes and measure the model's
provider. Rows are copied with whatever columns they have, so a new column needs no change here. The
server must not be running.
"""

import sqlite3
import sys
import uuid

WORDS = "river meets another stone under the old bridge where boats wait for rain and light".split()


def question(n: int) -> str:
    return f"Question {n}: what is on page {n}, and " + " ".join(WORDS[(n + i) % len(WORDS)] for i in range(6 + n % 20)) + "?"


def answer(n: int) -> str:
    prose = " ".join(WORDS[(n * 3 + i) % len(WORDS)] for i in range(40 + n % 60))
    kinds = [
        f"Answer {n}. {prose}.\n\n{prose}.",
        f"Answer {n}, as a list:\n\n- **{WORDS[n % 12]}** {prose}\n- `{WORDS[n % 7]}` and more\n- the rest",
        f"Answer {n}:\n\n```rust\nfn page_{n}() -> u32 {{\n    // {WORDS[n % 9]}\n    {n}\n}}\n```\n\n{prose}.",
        f"Answer {n}:\n\n| what | how many |\n|---|---|\n| {WORDS[n % 11]} | {n} |\n| {WORDS[n % 5]} | {n + 1} |\n\n{prose}.",
    ]
    return kinds[n % len(kinds)]


def later(first: uuid.UUID, steps: int) -> bytes:
    """A UUIDv7 some milliseconds after `first`: ids are in the order of time."""
    time = (first.int >> 80) + steps
    return (time << 80 | first.int & ((1 << 80) - 1)).to_bytes(16, "big")


def main(path: str, chat: str, count: int) -> None:
    chat_id = uuid.UUID(chat).bytes
    db = sqlite3.connect(path)
    db.row_factory = sqlite3.Row
    rows = db.execute("SELECT * FROM message WHERE chat_id = ? ORDER BY id LIMIT 2", [chat_id]).fetchall()
    asked, answered = dict(rows[0]), dict(rows[1])
    first, parent = uuid.UUID(bytes=answered["id"]), answered["id"]
    columns = list(asked)
    insert = f"INSERT INTO message ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
    for step in range(1, count - 1):
        is_question = step % 2 == 1
        row = dict(asked if is_question else answered)
        row |= {"id": later(first, step), "parent_id": parent, "content": (question if is_question else answer)(step)}
        db.execute(insert, [row[column] for column in columns])
        parent = row["id"]
    db.execute("UPDATE chat SET active_leaf_id = ? WHERE id = ?", [parent, chat_id])
    db.commit()


main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
