"""The inversion of a run in plain numpy: for each document, in order, the position and token range of every time it was
read. Reads Megatron's own arrays, writes one file a column; prints what it cost as JSON."""

import json
import resource
import sys
import time

import numpy as np

began = time.perf_counter()
started = time.process_time()
folder = sys.argv[1]
with open(f"{folder}/files.json") as file:
    run = json.load(file)
size = run["sequenceLength"]
dataset_index = np.load(run["datasetIndex"])[: run["samples"]]
total = 0
for ordinal, paths in enumerate(run["datasets"]):
    sequences = int(np.fromfile(paths["idx"], "<u8", count=1, offset=18)[0])
    lengths = np.fromfile(paths["idx"], "<i4", count=sequences, offset=34)
    document_index = np.load(paths["documentIndex"])
    shuffle_index = np.load(paths["shuffleIndex"])
    samples = len(np.load(paths["sampleIndex"], mmap_mode="r")) - 1

    drawn = np.flatnonzero(dataset_index == ordinal)
    position_of = np.full(samples, -1, dtype=np.int64)
    position_of[shuffle_index[: len(drawn)]] = drawn

    begin = np.zeros(len(document_index) + 1, dtype=np.int64)
    np.cumsum(lengths[document_index], out=begin[1:])
    first = np.maximum(begin[:-1] - 1, 0) // size
    last = np.minimum((begin[1:] - 1) // size, samples - 1)
    counts = np.maximum(last - first + 1, 0)

    order = np.argsort(document_index, kind="stable")
    counts = counts[order]
    place = np.repeat(order, counts)
    sample = np.arange(len(place)) + np.repeat(first[order] - (np.cumsum(counts) - counts), counts)
    position = position_of[sample]
    start = np.maximum(sample * size - begin[place], 0)
    end = np.minimum((sample + 1) * size, begin[place + 1]) - begin[place]

    kept = position >= 0
    place = place[kept]
    per_document = np.bincount(document_index[place], minlength=sequences)
    np.save(f"{folder}/numpy-{ordinal}-offsets.npy", np.concatenate(([0], np.cumsum(per_document))))
    np.save(f"{folder}/numpy-{ordinal}-position.npy", position[kept].astype(np.uint32))
    np.save(f"{folder}/numpy-{ordinal}-start.npy", start[kept].astype(np.int32))
    np.save(f"{folder}/numpy-{ordinal}-end.npy", end[kept].astype(np.int32))
    total += len(place)

usage = resource.getrusage(resource.RUSAGE_SELF)
print(
    json.dumps(
        {
            "seconds": time.perf_counter() - began,
            "cpu": usage.ru_utime + usage.ru_stime,
            "started": started,
            "peak": usage.ru_maxrss * 1024,
            "occurrences": total,
        }
    )
)
