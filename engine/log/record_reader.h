#pragma once

#include "base/byte_reader.h"
#include "base/bytes.h"
#include "base/result.h"
#include "log/record_batch.h"

namespace streamscope::log {

/// Walks the records of one whole batch that scanBatch found complete; the batch must outlive it. Decompresses once, at
/// the start. Kafka: DefaultRecordBatch's iterators.
class RecordReader {
 public:
  RecordReader(RecordReader&&) = default;
  RecordReader& operator=(RecordReader&&) = default;

  /// CORRUPT_MESSAGE or UNSUPPORTED_COMPRESSION_TYPE from the codec.
  static base::Result<RecordReader> open(base::ByteView batch, const BatchHeader& header);

  /// True while there are records left.
  bool hasNext() const { return m_index < m_header.recordCount; }

  /// The next record; INVALID_RECORD when its bytes are not one. Headers are checked always, kept only `withHeaders`.
  base::Status next(RecordView& record, bool withHeaders);

  /// The bytes of the record last read behind its timestamp: what stays when a record is written with another one.
  base::ByteView behindTimestamp() const { return m_behindTimestamp; }

  /// After the last record: INVALID_RECORD when bytes remain.
  base::Status finish() const;

  /// Records read so far.
  int32_t index() const { return m_index; }

 private:
  RecordReader(const BatchHeader& header, base::Bytes decompressed, base::ByteView plain);

  tl::unexpected<base::Error> invalid(const std::string& why) const;
  base::Status readHeaders(base::ByteReader& body, RecordView& record, bool withHeaders) const;

  BatchHeader m_header;
  /// Empty when the batch is not compressed. A vector keeps its bytes in place when this object moves.
  base::Bytes m_decompressed;
  base::ByteReader m_reader;
  base::ByteView m_behindTimestamp;
  int32_t m_index = 0;
};

}  // namespace streamscope::log
