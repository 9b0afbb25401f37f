#include "transaction_index.h"

#include "base/assert.h"
#include "base/byte_reader.h"
#include "base/byte_writer.h"

namespace streamscope::log {
namespace {

constexpr int16_t kVersion = 0;

/// All whole entries; the first that cannot be read ends it.
Parsed<std::vector<AbortedTransaction>> decodeAll(base::ByteView bytes) {
  std::vector<AbortedTransaction> transactions;
  for (size_t at = 0; at < bytes.size(); at += TransactionIndex::kEntrySize) {
    const auto entry = TransactionIndex::decode(bytes.subspan(at), at);
    if (!entry) return tl::unexpected(entry.error());
    transactions.push_back(*entry);
  }
  return transactions;
}

}  // namespace

TransactionIndex::TransactionIndex(const LogFiles& files, base::Offset baseOffset, uint64_t bytesOnDisk,
                                   std::string_view suffix)
    : m_files(files), m_baseOffset(baseOffset), m_bytes(bytesOnDisk), m_suffix(suffix) {}

std::filesystem::path TransactionIndex::path() const {
  std::filesystem::path path = m_files.path(m_baseOffset, kTransactionIndexSuffix);
  path += m_suffix;
  return path;
}

// Writing.

storage::StorageStatus TransactionIndex::append(const AbortedTransaction& transaction) {
  const auto file = m_files.storage.open(path(), storage::OpenMode::ReadWrite);
  if (!file) return base::fail(file.error());
  m_isUnsynced = true;
  // A file of an earlier life that nobody removed, or the torn end of a failed append.
  if ((*file)->size() != m_bytes)
    if (auto status = (*file)->truncate(m_bytes); !status) return status;
  if (auto status = (*file)->append(encode(transaction)); !status) return status;
  m_bytes += kEntrySize;
  return {};
}

base::Status TransactionIndex::truncateTo(base::Offset offset) {
  if (m_bytes == 0) return {};
  const auto all = transactions();
  if (!all) return base::fail(all.error());
  size_t kept = 0;
  while (kept < all->size() && (*all)[kept].lastOffset < offset) ++kept;
  if (kept == all->size()) return {};
  const auto file = m_files.storage.open(path(), storage::OpenMode::ReadWrite);
  if (!file) return base::fail(storage::toError(file.error()));
  m_isUnsynced = true;
  m_bytes = kept * kEntrySize;
  if (const auto status = (*file)->truncate(m_bytes); !status) return base::fail(storage::toError(status.error()));
  return {};
}

storage::StorageStatus TransactionIndex::reset() {
  if (m_bytes == 0) return {};
  const auto file = m_files.storage.open(path(), storage::OpenMode::ReadWrite);
  if (!file) return base::fail(file.error());
  m_isUnsynced = true;
  m_bytes = 0;
  return (*file)->truncate(0);
}

storage::StorageStatus TransactionIndex::flush() {
  if (!m_isUnsynced) return {};
  const auto file = m_files.storage.open(path(), storage::OpenMode::ReadWrite);
  if (!file) return base::fail(file.error());
  if (auto status = (*file)->sync(); !status) return status;
  m_isUnsynced = false;
  return {};
}

// Reading.

storage::StorageResult<base::Bytes> TransactionIndex::read() const {
  if (m_bytes == 0) return base::Bytes{};
  auto bytes = m_files.storage.readFile(path());
  if (bytes && bytes->size() > m_bytes) bytes->resize(m_bytes);
  return bytes;
}

base::Result<std::vector<AbortedTransaction>> TransactionIndex::transactions() const {
  const auto bytes = read();
  if (!bytes) return base::fail(storage::toError(bytes.error()));
  auto all = decodeAll(*bytes);
  if (!all)
    return base::fail(base::ErrorCode::CORRUPT_MESSAGE,
                      sentence(path().string(), all.error(), "restart the broker, which rebuilds the index"));
  return std::move(*all);
}

base::Result<bool> TransactionIndex::collect(base::Offset from, base::Offset endExclusive,
                                             std::vector<AbortedTransaction>& found) const {
  const auto all = transactions();
  if (!all) return base::fail(all.error());
  for (const AbortedTransaction& transaction : *all) {
    if (transaction.lastOffset >= from && transaction.firstOffset < endExclusive) found.push_back(transaction);
    if (transaction.lastStableOffset >= endExclusive) return true;
  }
  return false;
}

storage::StorageResult<std::optional<ParseProblem>> TransactionIndex::sanityCheck() const {
  const auto bytes = read();
  if (!bytes) return base::fail(bytes.error());
  const auto all = decodeAll(*bytes);
  if (!all) return all.error();
  base::Offset last = m_baseOffset - 1;
  for (size_t i = 0; i < all->size(); ++i) {
    const AbortedTransaction& transaction = (*all)[i];
    if (transaction.lastOffset <= last || transaction.firstOffset > transaction.lastOffset)
      return ParseProblem{false, i * kEntrySize,
                          "the transaction at offsets " + std::to_string(transaction.firstOffset) + " to " +
                              std::to_string(transaction.lastOffset) + " does not follow " + std::to_string(last)};
    last = transaction.lastOffset;
  }
  return std::optional<ParseProblem>();
}

// The entry.

Parsed<AbortedTransaction> TransactionIndex::decode(base::ByteView bytes, uint64_t atByte) {
  if (bytes.size() < kEntrySize)
    return torn(atByte + bytes.size(), "the last entry has " + std::to_string(bytes.size()) + " of 34 bytes");
  base::ByteReader reader(bytes.first(kEntrySize));
  const int16_t version = reader.readInt16();
  if (version != kVersion) return damaged(atByte, "version " + std::to_string(version) + " is not known, only 0 is");
  AbortedTransaction transaction;
  transaction.producerId = reader.readInt64();
  transaction.firstOffset = reader.readInt64();
  transaction.lastOffset = reader.readInt64();
  transaction.lastStableOffset = reader.readInt64();
  return transaction;
}

base::Bytes TransactionIndex::encode(const AbortedTransaction& transaction) {
  base::ByteWriter writer(kEntrySize);
  writer.writeInt16(kVersion);
  writer.writeInt64(transaction.producerId);
  writer.writeInt64(transaction.firstOffset);
  writer.writeInt64(transaction.lastOffset);
  writer.writeInt64(transaction.lastStableOffset);
  return writer.take();
}

}  // namespace streamscope::log
