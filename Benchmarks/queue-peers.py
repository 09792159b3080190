"""Runs the queues of pip `awa-pg` and pip `pgqueuer` dry on one database and prints what each managed.

    pip install awa-pg pgqueuer asyncpg
    wayfare-bench queue --peers "PYTHON Benchmarks/queue-peers.py [pgmq.sql]"

With the file `pgmq.sql` of pgmq's repository its queue runs too: messages are read and archived a hundred at a time on
one connection. The database's address comes as the last argument. Each queue gets jobs that do nothing, with the settings that its
documentation gives for throughput: batches of 100 and enough tasks at once to fill them. A line for each:
NAME JOBS-PER-SECOND WAL-BYTES-PER-JOB.
"""

import asyncio
import dataclasses
import sys
import time

import asyncpg

JOBS = 20_000
BATCH = 100
PATIENCE_SECONDS = 120


async def wal_position(connection):
    return int(await connection.fetchval("select (pg_current_wal_lsn() - '0/0'::pg_lsn)::int8"))


async def timed(name, connection, jobs, drain):
    await connection.execute("checkpoint")
    wal = await wal_position(connection)
    started = time.perf_counter()
    await asyncio.wait_for(drain(), PATIENCE_SECONDS)
    seconds = time.perf_counter() - started
    wal = await wal_position(connection) - wal
    print(f"{name} {jobs / seconds:.0f} {wal / jobs:.0f}", flush=True)


async def run_pgqueuer(address, connection):
    from pgqueuer import PgQueuer
    from pgqueuer.domain.types import QueueExecutionMode

    pool = await asyncpg.create_pool(address, min_size=4, max_size=8)
    manager = PgQueuer.from_asyncpg_pool(pool).qm
    if not await connection.fetchval("select to_regclass('pgqueuer') is not null"):
        await manager.queries.install()
    done = 0

    @manager.entrypoint("noop")
    async def noop(job):
        nonlocal done
        done += 1

    for _ in range(JOBS // 1000):
        await manager.queries.enqueue(["noop"] * 1000, [None] * 1000, [0] * 1000)
    await timed(
        "pgqueuer", connection, JOBS, lambda: manager.run(batch_size=BATCH, mode=QueueExecutionMode.drain)
    )
    if done != JOBS:
        sys.exit(f"pgqueuer did {done} of {JOBS} jobs")
    await pool.close()


@dataclasses.dataclass
class Noop:
    number: int


async def run_awa(address, connection):
    import awa

    client = awa.AsyncClient(address, max_connections=10)
    await client.migrate()
    done = 0
    finished = asyncio.Event()

    @client.task(Noop, queue="default")
    async def noop(job):
        nonlocal done
        done += 1
        if done == JOBS:
            finished.set()

    for first in range(0, JOBS, 5000):
        await client.insert_many_copy([Noop(first + number) for number in range(5000)], queue="default")

    async def drain():
        await client.start([("default", 4 * BATCH)])
        await finished.wait()
        await client.shutdown(timeout_ms=10_000)

    await timed("awa-pg", connection, JOBS, drain)
    await client.close()


async def run_pgmq(connection, file):
    with open(file, encoding="utf-8") as text:
        await connection.execute(text.read())
    await connection.execute("select pgmq.create('noop')")
    await connection.execute(
        "select pgmq.send_batch('noop', array(select '{}'::jsonb from generate_series(1, $1::int)))".replace(
            "$1", str(JOBS)
        )
    )
    read = await connection.prepare("select msg_id, message from pgmq.read('noop', 30, $1)")
    archive = await connection.prepare("select pgmq.archive('noop', $1::bigint[])")
    done = 0

    async def drain():
        nonlocal done
        while rows := await read.fetch(BATCH):
            done += len(await archive.fetch([row["msg_id"] for row in rows]))

    await timed("pgmq", connection, JOBS, drain)
    if done != JOBS:
        sys.exit(f"pgmq did {done} of {JOBS} jobs")


async def main():
    address = sys.argv[-1]
    connection = await asyncpg.connect(address)
    if len(sys.argv) > 2:
        await run_pgmq(connection, sys.argv[1])
    await run_pgqueuer(address, connection)
    await run_awa(address, connection)
    await connection.close()


asyncio.run(main())
