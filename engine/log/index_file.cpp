#include "index_file.h"

#include <algorithm>

#include "base/assert.h"

namespace streamscope::log {
namespace {

constexpr size_t kPendingBytesMax = 4096;
/// A stretch of entries this long is read in one go and searched in memory.
constexpr size_t kBlockBytes = 4096;

}  // namespace

IndexFile::IndexFile(const LogFiles& files, base::Offset baseOffset, std::string_view suffix, size_t entrySize,
                     uint64_t bytesOnDisk)
    : m_files(files),
      m_baseOffset(baseOffset),
      m_suffix(suffix),
      m_entrySize(entrySize),
      m_countOnDisk(static_cast<size_t>(bytesOnDisk) / entrySize) {}

storage::StorageResult<std::unique_ptr<storage::File>> IndexFile::openForReading() const {
  return m_files.storage.open(path(), storage::OpenMode::ReadOnly);
}

storage::StorageStatus IndexFile::append(base::ByteView entry) {
  STREAMSCOPE_ASSERT(entry.size() == m_entrySize);
  m_pending.insert(m_pending.end(), entry.begin(), entry.end());
  if (m_pending.size() < kPendingBytesMax) return {};
  return write(false);
}

storage::StorageResult<base::Bytes> IndexFile::entryAt(size_t number) const {
  STREAMSCOPE_ASSERT(number < count());
  base::Bytes entry(m_entrySize);
  if (number >= m_countOnDisk) {
    const auto from = m_pending.begin() + static_cast<std::ptrdiff_t>((number - m_countOnDisk) * m_entrySize);
    std::copy_n(from, m_entrySize, entry.begin());
    return entry;
  }
  const auto file = openForReading();
  if (!file) return base::fail(file.error());
  // A file that shrank behind our back reads as zeros, which no caller takes for a good entry.
  const auto read = (*file)->readAt(number * m_entrySize, entry);
  if (!read) return base::fail(read.error());
  return entry;
}

storage::StorageResult<size_t> IndexFile::countWhile(const std::function<bool(base::ByteView)>& holds) const {
  const auto countIn = [&](base::ByteView entries) {
    size_t low = 0;
    size_t high = entries.size() / m_entrySize;
    while (low < high) {
      const size_t middle = (low + high) / 2;
      if (holds(entries.subspan(middle * m_entrySize, m_entrySize)))
        low = middle + 1;
      else
        high = middle;
    }
    return low;
  };
  const base::ByteView pending(m_pending);
  if (m_countOnDisk == 0 || (!pending.empty() && holds(pending.first(m_entrySize))))
    return m_countOnDisk + countIn(pending);

  const auto file = openForReading();
  if (!file) return base::fail(file.error());
  size_t low = 0;
  size_t high = m_countOnDisk;
  base::Bytes buffer(m_entrySize);
  while ((high - low) * m_entrySize > kBlockBytes) {
    const size_t middle = (low + high) / 2;
    const auto read = (*file)->readAt(middle * m_entrySize, buffer);
    if (!read) return base::fail(read.error());
    if (holds(buffer))
      low = middle + 1;
    else
      high = middle;
  }
  buffer.resize((high - low) * m_entrySize);
  const auto read = (*file)->readAt(low * m_entrySize, buffer);
  if (!read) return base::fail(read.error());
  return low + countIn(base::ByteView(buffer).first(*read / m_entrySize * m_entrySize));
}

storage::StorageStatus IndexFile::truncate(size_t count) {
  if (count >= m_countOnDisk) {
    m_pending.resize(std::min(m_pending.size(), (count - m_countOnDisk) * m_entrySize));
    return {};
  }
  m_pending.clear();
  m_countOnDisk = count;
  return write(false);
}

storage::StorageStatus IndexFile::write(bool sync) {
  const auto file = m_files.storage.open(path(), storage::OpenMode::ReadWrite);
  if (!file) return base::fail(file.error());
  const uint64_t end = m_countOnDisk * m_entrySize;
  if ((*file)->size() != end) {
    // Kafka's zeros behind the last entry, or entries that were cut.
    if (auto status = (*file)->truncate(end); !status) return status;
    m_isUnsynced = true;
  }
  if (!m_pending.empty()) {
    if (auto status = (*file)->append(m_pending); !status) return status;
    m_countOnDisk += m_pending.size() / m_entrySize;
    m_pending = {};
    m_isUnsynced = true;
  }
  if (!sync || !m_isUnsynced) return {};
  m_isUnsynced = false;
  return (*file)->sync();
}

}  // namespace streamscope::log
