#include "time_index.h"

#include "base/byte_reader.h"
#include "base/byte_writer.h"

namespace streamscope::log {

TimeIndex::Entry TimeIndex::decode(base::ByteView entry, base::Offset baseOffset) {
  base::ByteReader reader(entry);
  const base::TimestampMs timestamp = reader.readInt64();
  return {timestamp, baseOffset + reader.readInt32()};
}

base::Bytes TimeIndex::encode(const Entry& entry, base::Offset baseOffset) {
  base::ByteWriter writer(kEntrySize);
  writer.writeInt64(entry.timestamp);
  writer.writeInt32(static_cast<int32_t>(entry.offset - baseOffset));
  return writer.take();
}

storage::StorageResult<TimeIndex::Entry> TimeIndex::entryBefore(size_t number) const {
  if (number == 0) return Entry{-1, m_baseOffset};
  const auto bytes = m_file.entryAt(number - 1);
  if (!bytes) return base::fail(bytes.error());
  return decode(*bytes, m_baseOffset);
}

storage::StorageResult<TimeIndex::Entry> TimeIndex::lastEntry() const {
  if (!m_last) {
    const auto last = entryBefore(count());
    if (!last) return base::fail(last.error());
    m_last = *last;
  }
  return *m_last;
}

storage::StorageStatus TimeIndex::maybeAppend(base::TimestampMs timestamp, base::Offset offset) {
  const auto last = lastEntry();
  if (!last) return base::fail(last.error());
  if (timestamp <= last->timestamp || offset < last->offset) return {};
  m_last = Entry{timestamp, offset};
  return m_file.append(encode(*m_last, m_baseOffset));
}

storage::StorageResult<TimeIndex::Entry> TimeIndex::lookup(base::TimestampMs timestamp) const {
  const auto found =
      m_file.countWhile([&](base::ByteView entry) { return decode(entry, m_baseOffset).timestamp <= timestamp; });
  if (!found) return base::fail(found.error());
  return entryBefore(*found);
}

storage::StorageStatus TimeIndex::truncateTo(base::Offset offset) {
  m_last.reset();
  if (count() == 0) return {};
  const auto kept =
      m_file.countWhile([&](base::ByteView entry) { return decode(entry, m_baseOffset).offset < offset; });
  if (!kept) return base::fail(kept.error());
  return m_file.truncate(*kept);
}

storage::StorageStatus TimeIndex::reset() {
  m_last.reset();
  return m_file.truncate(0);
}

}  // namespace streamscope::log
