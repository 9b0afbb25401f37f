#include "log/dump_index.h"

#include <algorithm>

#include "batch_scanner.h"
#include "log/dump_file_kind.h"
#include "log_files.h"
#include "offset_index.h"
#include "time_index.h"
#include "transaction_index.h"

namespace streamscope::log {
namespace {

/// Position, offsets and largest timestamp of one batch of the segment beside an index.
struct BatchFact {
  uint64_t position = 0;
  base::Offset lastOffset = 0;
  base::TimestampMs maxTimestamp = -1;
};

/// The batches of the segment beside an index, which is in the same state; empty without one.
std::vector<BatchFact> batchesBeside(storage::Storage& storage, const std::filesystem::path& index) {
  const std::string suffix = index.filename().string().substr(parseFileName(index).stem.size());
  std::filesystem::path path = index.parent_path() / parseFileName(index).stem;
  path.replace_extension(kLogSuffix);
  path += suffix;
  std::vector<BatchFact> batches;
  const auto file = storage.open(path, storage::OpenMode::ReadOnly);
  if (!file) return batches;
  BatchScanner scanner(**file, 0, (*file)->size(), BatchScanner::Depth::Headers);
  while (!scanner.atEnd()) {
    const auto scan = scanner.next();
    if (!scan || scan->end != BatchEnd::Complete) break;
    batches.push_back({scanner.position(), scan->header.lastOffset(), scan->header.maxTimestamp});
  }
  return batches;
}

/// The whole entries of an index file.
struct RawIndex {
  base::Offset baseOffset = 0;
  base::Bytes entries;
  uint64_t paddingBytes = 0;
  std::vector<DumpProblem> problems;
};

base::Result<RawIndex> readIndex(storage::Storage& storage, const std::filesystem::path& path, size_t entrySize) {
  auto bytes = storage.readFile(path);
  if (!bytes) return base::fail(storage::toError(bytes.error()));
  RawIndex raw;
  const auto baseOffset = parseFileName(path).offset;
  if (!baseOffset) raw.problems.push_back({0, "the file name is not a base offset, 0 is assumed", ProblemKind::Damage});
  raw.baseOffset = baseOffset.value_or(0);
  const auto isZero = [](uint8_t byte) { return byte == 0; };
  const size_t rest = bytes->size() % entrySize;
  const auto restBegin = bytes->end() - static_cast<std::ptrdiff_t>(rest);
  if (!std::all_of(restBegin, bytes->end(), isZero))
    raw.problems.push_back({bytes->size() - rest, "the last entry is incomplete", ProblemKind::TornTail});
  else
    raw.paddingBytes += rest;
  bytes->erase(restBegin, bytes->end());
  while (!bytes->empty() && std::all_of(bytes->end() - static_cast<std::ptrdiff_t>(entrySize), bytes->end(), isZero)) {
    bytes->resize(bytes->size() - entrySize);
    raw.paddingBytes += entrySize;
  }
  raw.entries = std::move(*bytes);
  return raw;
}

}  // namespace

base::Result<OffsetIndexDump> dumpOffsetIndex(storage::Storage& storage, const std::filesystem::path& path) {
  auto raw = readIndex(storage, path, OffsetIndex::kEntrySize);
  if (!raw) return base::fail(std::move(raw).error());
  OffsetIndexDump dump;
  dump.baseOffset = raw->baseOffset;
  dump.paddingBytes = raw->paddingBytes;
  dump.problems = std::move(raw->problems);
  const std::vector<BatchFact> batches = batchesBeside(storage, path);
  size_t batch = 0;
  for (size_t at = 0; at < raw->entries.size(); at += OffsetIndex::kEntrySize) {
    const auto entry =
        OffsetIndex::decode(base::ByteView(raw->entries).subspan(at, OffsetIndex::kEntrySize), dump.baseOffset);
    if (!dump.entries.empty() &&
        (entry.offset <= dump.entries.back().offset || entry.position <= dump.entries.back().position))
      dump.problems.push_back({at, "the entry does not ascend", ProblemKind::Damage});
    dump.entries.push_back({entry.offset, entry.position});
    if (batches.empty()) continue;
    while (batch + 1 < batches.size() && batches[batch].position < entry.position) ++batch;
    if (batches[batch].position != entry.position)
      dump.problems.push_back(
          {at, "no batch begins at position " + std::to_string(entry.position), ProblemKind::Mismatch});
    else if (batches[batch].lastOffset != entry.offset)
      dump.problems.push_back({at,
                               "the batch at position " + std::to_string(entry.position) + " ends at offset " +
                                   std::to_string(batches[batch].lastOffset) + ", the entry says " +
                                   std::to_string(entry.offset),
                               ProblemKind::Mismatch});
  }
  return dump;
}

base::Result<TimeIndexDump> dumpTimeIndex(storage::Storage& storage, const std::filesystem::path& path) {
  auto raw = readIndex(storage, path, TimeIndex::kEntrySize);
  if (!raw) return base::fail(std::move(raw).error());
  TimeIndexDump dump;
  dump.baseOffset = raw->baseOffset;
  dump.paddingBytes = raw->paddingBytes;
  dump.problems = std::move(raw->problems);
  const std::vector<BatchFact> batches = batchesBeside(storage, path);
  size_t batch = 0;
  for (size_t at = 0; at < raw->entries.size(); at += TimeIndex::kEntrySize) {
    const auto entry =
        TimeIndex::decode(base::ByteView(raw->entries).subspan(at, TimeIndex::kEntrySize), dump.baseOffset);
    if (!dump.entries.empty() &&
        (entry.timestamp <= dump.entries.back().timestamp || entry.offset < dump.entries.back().offset))
      dump.problems.push_back({at, "the entry does not ascend", ProblemKind::Damage});
    dump.entries.push_back({entry.timestamp, entry.offset});
    if (batches.empty()) continue;
    while (batch + 1 < batches.size() && batches[batch].lastOffset < entry.offset) ++batch;
    if (batches[batch].lastOffset < entry.offset)
      dump.problems.push_back(
          {at, "offset " + std::to_string(entry.offset) + " is behind the segment's end", ProblemKind::Mismatch});
    else if (batches[batch].maxTimestamp != entry.timestamp)
      dump.problems.push_back({at,
                               "the batch with offset " + std::to_string(entry.offset) + " has the largest timestamp " +
                                   std::to_string(batches[batch].maxTimestamp) + ", the entry says " +
                                   std::to_string(entry.timestamp),
                               ProblemKind::Mismatch});
  }
  return dump;
}

base::Result<TransactionIndexDump> dumpTransactionIndex(storage::Storage& storage, const std::filesystem::path& path) {
  const auto bytes = storage.readFile(path);
  if (!bytes) return base::fail(storage::toError(bytes.error()));
  TransactionIndexDump dump;
  dump.baseOffset = parseFileName(path).offset.value_or(0);
  const std::vector<BatchFact> batches = batchesBeside(storage, path);
  base::Offset markerBefore = dump.baseOffset - 1;
  for (size_t at = 0; at < bytes->size(); at += TransactionIndex::kEntrySize) {
    const auto entry = TransactionIndex::decode(base::ByteView(*bytes).subspan(at), at);
    if (!entry) {
      const ParseProblem& problem = entry.error();
      dump.problems.push_back(
          {problem.atByte, problem.reason, problem.isTorn ? ProblemKind::TornTail : ProblemKind::Damage});
      if (problem.isTorn) break;
      continue;
    }
    if (entry->lastOffset <= markerBefore || entry->firstOffset > entry->lastOffset)
      dump.problems.push_back({at,
                               "the transaction at offsets " + std::to_string(entry->firstOffset) + " to " +
                                   std::to_string(entry->lastOffset) + " does not follow offset " +
                                   std::to_string(markerBefore),
                               ProblemKind::Damage});
    if (!batches.empty() && entry->lastOffset > batches.back().lastOffset)
      dump.problems.push_back(
          {at, "the marker at offset " + std::to_string(entry->lastOffset) + " is behind the segment's end",
           ProblemKind::Mismatch});
    markerBefore = entry->lastOffset;
    dump.entries.push_back(*entry);
  }
  return dump;
}

}  // namespace streamscope::log
