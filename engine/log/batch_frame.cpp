#include "log/batch_frame.h"

#include "base/byte_reader.h"
#include "log/record_batch.h"

namespace streamscope::log {
namespace {

/// The shortest message there ever was, of magic 0: checksum, magic, attributes, and the lengths of key and value.
constexpr int32_t kLengthMin = 14;
constexpr int8_t kMagicMax = 2;

BatchFrame ended(BatchFrame::Kind kind, std::string reason) {
  return {kind, 0, 0, std::move(reason)};
}

}  // namespace

BatchFrame nextBatchFrame(base::ByteView bytes) {
  using Kind = BatchFrame::Kind;
  if (bytes.empty()) return ended(Kind::Partial, "there are no bytes");
  if (bytes.size() < batch_layout::kLogOverhead)
    return ended(Kind::Partial,
                 "the bytes end after " + std::to_string(bytes.size()) + " of the 12 bytes every batch begins with");
  base::ByteReader reader(bytes);
  reader.skip(batch_layout::kBatchLength);
  const int32_t length = reader.readInt32();
  if (length < kLengthMin)
    return ended(Kind::Damaged, "the batch length is " + std::to_string(length) + ", which no batch has");
  const size_t size = static_cast<size_t>(length) + batch_layout::kLogOverhead;
  if (bytes.size() > batch_layout::kMagic) {
    const auto magic = static_cast<int8_t>(bytes[batch_layout::kMagic]);
    if (magic < 0 || magic > kMagicMax)
      return ended(Kind::Damaged, "the magic is " + std::to_string(magic) + ", which Kafka does not know");
    if (bytes.size() >= size) return {Kind::Whole, size, magic, {}};
  }
  return ended(Kind::Partial, "the bytes end after " + std::to_string(bytes.size()) + " of " + std::to_string(size) +
                                  " bytes of the batch");
}

}  // namespace streamscope::log
