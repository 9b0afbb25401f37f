#include "producer_snapshot.h"

#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "base/crc32c.h"

namespace streamscope::log {
namespace {

constexpr int16_t kVersion = 1;
constexpr size_t kCrcPosition = 2;
/// The checksum covers everything from here on.
constexpr size_t kEntriesPosition = 6;
constexpr size_t kEntrySize = 46;

}  // namespace

Parsed<std::vector<ProducerSnapshotEntry>> parseProducerSnapshot(base::ByteView bytes) {
  base::ByteReader reader(bytes);
  const int16_t version = reader.readInt16();
  const uint32_t crc = reader.readUint32();
  const int32_t count = reader.readInt32();
  if (reader.failed()) return torn(bytes.size(), "the header is incomplete");
  if (version != kVersion) return damaged(0, "version " + std::to_string(version) + " is not known, only 1 is");
  if (count < 0) return damaged(kEntriesPosition, "the number of producers is negative");
  if (reader.remaining() / kEntrySize < static_cast<size_t>(count))
    return torn(bytes.size(), "the file is too short for " + std::to_string(count) + " producers");
  if (base::crc32c(bytes.subspan(kEntriesPosition)) != crc) return damaged(kCrcPosition, "the checksum does not match");
  std::vector<ProducerSnapshotEntry> entries(static_cast<size_t>(count));
  for (ProducerSnapshotEntry& entry : entries) {
    entry.producerId = reader.readInt64();
    entry.epoch = reader.readInt16();
    entry.lastSequence = reader.readInt32();
    entry.lastOffset = reader.readInt64();
    entry.offsetDelta = reader.readInt32();
    entry.timestamp = reader.readInt64();
    entry.coordinatorEpoch = reader.readInt32();
    entry.currentTxnFirstOffset = reader.readInt64();
  }
  return entries;
}

base::Bytes formatProducerSnapshot(const std::vector<ProducerSnapshotEntry>& entries) {
  base::ByteWriter writer(kEntriesPosition + 4 + entries.size() * kEntrySize);
  writer.writeInt16(kVersion);
  writer.writeInt32(0);  // The checksum, below.
  writer.writeInt32(static_cast<int32_t>(entries.size()));
  for (const ProducerSnapshotEntry& entry : entries) {
    writer.writeInt64(entry.producerId);
    writer.writeInt16(entry.epoch);
    writer.writeInt32(entry.lastSequence);
    writer.writeInt64(entry.lastOffset);
    writer.writeInt32(entry.offsetDelta);
    writer.writeInt64(entry.timestamp);
    writer.writeInt32(entry.coordinatorEpoch);
    writer.writeInt64(entry.currentTxnFirstOffset);
  }
  writer.patchInt32(kCrcPosition, static_cast<int32_t>(base::crc32c(writer.view().subspan(kEntriesPosition))));
  return writer.take();
}

}  // namespace streamscope::log
