#include "offset_index.h"

#include "base/byte_reader.h"
#include "base/byte_writer.h"

namespace streamscope::log {

OffsetIndex::Entry OffsetIndex::decode(base::ByteView entry, base::Offset baseOffset) {
  base::ByteReader reader(entry);
  const base::Offset offset = baseOffset + reader.readInt32();
  return {offset, reader.readUint32()};
}

base::Bytes OffsetIndex::encode(const Entry& entry, base::Offset baseOffset) {
  base::ByteWriter writer(kEntrySize);
  writer.writeInt32(static_cast<int32_t>(entry.offset - baseOffset));
  writer.writeInt32(static_cast<int32_t>(entry.position));
  return writer.take();
}

storage::StorageResult<std::optional<OffsetIndex::Entry>> OffsetIndex::lastEntry() const {
  if (count() == 0) return std::nullopt;
  const auto bytes = m_file.entryAt(count() - 1);
  if (!bytes) return base::fail(bytes.error());
  return decode(*bytes, m_baseOffset);
}

storage::StorageStatus OffsetIndex::append(base::Offset offset, uint64_t position) {
  if (!m_lastOffset && count() > 0) {
    const auto last = lastEntry();
    if (!last) return base::fail(last.error());
    m_lastOffset = (*last)->offset;
  }
  if (m_lastOffset && offset <= *m_lastOffset) return {};
  m_lastOffset = offset;
  return m_file.append(encode({offset, position}, m_baseOffset));
}

storage::StorageResult<OffsetIndex::Entry> OffsetIndex::lookup(base::Offset offset) const {
  const auto found =
      m_file.countWhile([&](base::ByteView entry) { return decode(entry, m_baseOffset).offset <= offset; });
  if (!found) return base::fail(found.error());
  if (*found == 0) return Entry{m_baseOffset, 0};
  const auto bytes = m_file.entryAt(*found - 1);
  if (!bytes) return base::fail(bytes.error());
  return decode(*bytes, m_baseOffset);
}

storage::StorageStatus OffsetIndex::truncateTo(base::Offset offset) {
  m_lastOffset.reset();
  if (count() == 0) return {};
  const auto kept =
      m_file.countWhile([&](base::ByteView entry) { return decode(entry, m_baseOffset).offset < offset; });
  if (!kept) return base::fail(kept.error());
  return m_file.truncate(*kept);
}

storage::StorageStatus OffsetIndex::reset() {
  m_lastOffset.reset();
  return m_file.truncate(0);
}

}  // namespace streamscope::log
