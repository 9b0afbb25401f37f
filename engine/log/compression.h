#pragma once

#include <cstddef>

#include "base/bytes.h"
#include "base/result.h"
#include "log/record_batch.h"

namespace streamscope::log {

/// More than this from one batch is taken for an attack: CORRUPT_MESSAGE.
inline constexpr size_t kDecompressedBytesMax = 64 * 1024 * 1024;

/// What follows the 61 bytes of a compressed batch's header, as Kafka writes it: a gzip member, snappy in the framing
/// of snappy-java, an LZ4 frame of independent 64 KiB blocks, a Zstandard frame. `codec` must not be None.
base::Bytes compress(Compression codec, base::ByteView bytes);

/// The opposite, for everything Kafka reads: several members, frames or snappy headers in a row, and bare snappy.
/// CORRUPT_MESSAGE when the bytes are not of that codec, end early or grow beyond kDecompressedBytesMax;
/// UNSUPPORTED_COMPRESSION_TYPE for a codec number Kafka does not define.
base::Result<base::Bytes> decompress(Compression codec, base::ByteView bytes);

/// "none", "gzip", "snappy", "lz4", "zstd": the values of Kafka's compression.type.
const char* compressionName(Compression codec);

}  // namespace streamscope::log
