#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "base/result.h"
#include "log/record_batch.h"

namespace streamscope::log {

/// More than this from one batch is taken for an attack: CORRUPT_MESSAGE.
inline constexpr size_t kDecompressedBytesMax = 64 * 1024 * 1024;

/// What follows the 61 bytes of a compressed batch's header, as Kafka writes it: a gzip member, snappy in the framing
/// of snappy-java, an LZ4 frame of independent 64 KiB blocks, a Zstandard frame. `codec` must not be None. `level` is
/// that of compression.gzip.level (1 to 9, -1), compression.lz4.level (1 to 17) or compression.zstd.level (-131072 to
/// 22); without one Kafka's defaults -1, 9 and 3.
base::Bytes compress(Compression codec, base::ByteView bytes, std::optional<int32_t> level = std::nullopt);

/// The opposite, for everything Kafka reads: several gzip members, Zstandard frames or snappy headers in a row, and
/// bare snappy. Of LZ4 only the first frame counts, and bytes after it or after the last gzip member are not looked at.
/// CORRUPT_MESSAGE when the bytes are not of that codec, end early or grow beyond kDecompressedBytesMax;
/// UNSUPPORTED_COMPRESSION_TYPE for a codec number Kafka does not define.
base::Result<base::Bytes> decompress(Compression codec, base::ByteView bytes);

/// "none", "gzip", "snappy", "lz4", "zstd": the values of Kafka's compression.type.
const char* compressionName(Compression codec);

}  // namespace streamscope::log
