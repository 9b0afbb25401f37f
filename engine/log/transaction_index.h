#pragma once

#include <optional>
#include <vector>

#include "base/result.h"
#include "log/aborted_transaction.h"
#include "log_files.h"
#include "parsed.h"

namespace streamscope::log {

/// N.txnindex: the aborted transactions whose marker is in this segment, in the order of their markers. The file comes
/// with the first of them and is written through, since they are few; `flush` puts it on stable storage. 34 bytes an
/// entry: version int16 (0), producer id, first offset, last offset, last stable offset. Kafka: TransactionIndex.
class TransactionIndex {
 public:
  static constexpr size_t kEntrySize = 34;

  /// `files` must outlive the index. `bytesOnDisk` is 0 when there is no file. `suffix` stands behind ".txnindex" in
  /// the name of a file that is not in use yet (kCleanedSuffix).
  TransactionIndex(const LogFiles& files, base::Offset baseOffset, uint64_t bytesOnDisk, std::string_view suffix = {});

  size_t count() const { return static_cast<size_t>(m_bytes / kEntrySize); }
  uint64_t sizeInBytes() const { return m_bytes; }
  std::filesystem::path path() const;

  /// The marker must be behind those of all entries.
  storage::StorageStatus append(const AbortedTransaction& transaction);
  /// Drops the transactions whose marker is at or above `offset`.
  base::Status truncateTo(base::Offset offset);
  /// Drops everything, whatever it is.
  storage::StorageStatus reset();
  storage::StorageStatus flush();

  /// In order. CORRUPT_MESSAGE when an entry cannot be read.
  base::Result<std::vector<AbortedTransaction>> transactions() const;
  /// Adds to `found` those that have records in [from, endExclusive); true when no later segment can have more.
  base::Result<bool> collect(base::Offset from, base::Offset endExclusive,
                             std::vector<AbortedTransaction>& found) const;
  /// What is wrong with the file, for who opens a log: then it is rebuilt from the segment. None when it can be used.
  storage::StorageResult<std::optional<ParseProblem>> sanityCheck() const;

  /// An entry at the start of `bytes`, which stand at `atByte` of their file.
  static Parsed<AbortedTransaction> decode(base::ByteView bytes, uint64_t atByte);
  static base::Bytes encode(const AbortedTransaction& transaction);

 private:
  storage::StorageResult<base::Bytes> read() const;

  const LogFiles& m_files;
  base::Offset m_baseOffset;
  uint64_t m_bytes;
  std::string_view m_suffix;
  bool m_isUnsynced = false;
};

}  // namespace streamscope::log
