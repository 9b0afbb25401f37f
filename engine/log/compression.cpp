#include "compression.h"

#include <lz4.h>
#include <lz4frame.h>
#include <lz4hc.h>
#include <snappy.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <memory>

#include "base/assert.h"
#include "base/byte_reader.h"
#include "base/byte_writer.h"

namespace streamscope::log {
namespace {

tl::unexpected<base::Error> corrupt(Compression codec, const std::string& why) {
  return base::fail(base::ErrorCode::CORRUPT_MESSAGE, std::string("The ") + compressionName(codec) +
                                                          " data of a record batch cannot be decompressed: " + why +
                                                          "; the sender has to send the batch again.");
}

/// Room for the next piece of output behind `used` bytes; false when the limit is reached.
bool grow(base::Bytes& output, size_t used) {
  if (used < output.size()) return true;
  if (used >= kDecompressedBytesMax) return false;
  output.resize(std::min(std::max<size_t>(64 * 1024, used * 2), kDecompressedBytesMax));
  return true;
}

constexpr const char* kTooLarge = "it is larger than 64 MiB";
constexpr const char* kEndsEarly = "it ends early";

// gzip

constexpr int kGzipWindowBits = 15 + 16;

/// What Java writes in a member's header for extra flags and system.
constexpr size_t kGzipExtraFlagsAt = 8;
constexpr size_t kGzipSystemAt = 9;
constexpr uint8_t kGzipSystemUnknown = 255;
/// A member's header and trailer, and the shortest data between.
constexpr size_t kGzipMemberMin = 20;

base::Bytes gzipCompress(base::ByteView bytes, int level) {
  z_stream stream{};
  const int ready = deflateInit2(&stream, level, Z_DEFLATED, kGzipWindowBits, 8, Z_DEFAULT_STRATEGY);
  STREAMSCOPE_ASSERT(ready == Z_OK);
  base::Bytes output(deflateBound(&stream, static_cast<uLong>(bytes.size())));
  stream.next_in = const_cast<Bytef*>(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = output.data();
  stream.avail_out = static_cast<uInt>(output.size());
  const int done = deflate(&stream, Z_FINISH);
  STREAMSCOPE_ASSERT(done == Z_STREAM_END);
  output.resize(stream.total_out);
  deflateEnd(&stream);
  output[kGzipExtraFlagsAt] = 0;
  output[kGzipSystemAt] = kGzipSystemUnknown;
  return output;
}

/// Whether what follows a member is another one.
bool startsGzipMember(base::ByteView bytes) {
  return bytes.size() >= kGzipMemberMin && bytes[0] == 0x1f && bytes[1] == 0x8b && bytes[2] == Z_DEFLATED;
}

base::Result<base::Bytes> gzipDecompress(base::ByteView bytes) {
  z_stream stream{};
  STREAMSCOPE_ASSERT(inflateInit2(&stream, kGzipWindowBits) == Z_OK);
  const std::unique_ptr<z_stream, decltype(&inflateEnd)> guard(&stream, &inflateEnd);
  stream.next_in = const_cast<Bytef*>(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  base::Bytes output;
  size_t used = 0;
  while (true) {
    if (!grow(output, used)) return corrupt(Compression::Gzip, kTooLarge);
    stream.next_out = output.data() + used;
    stream.avail_out = static_cast<uInt>(output.size() - used);
    const int status = inflate(&stream, Z_NO_FLUSH);
    used = output.size() - stream.avail_out;
    if (status == Z_STREAM_END) {
      if (!startsGzipMember({stream.next_in, stream.avail_in})) break;
      if (inflateReset(&stream) != Z_OK) return corrupt(Compression::Gzip, "a second gzip member is damaged");
      continue;
    }
    if (status == Z_BUF_ERROR || (status == Z_OK && stream.avail_in == 0 && stream.avail_out != 0))
      return corrupt(Compression::Gzip, kEndsEarly);
    if (status != Z_OK) return corrupt(Compression::Gzip, stream.msg != nullptr ? stream.msg : "it is damaged");
  }
  output.resize(used);
  return output;
}

// snappy, in the framing of snappy-java ("xerial"): magic, two versions, then length-prefixed blocks.

constexpr std::array<uint8_t, 8> kXerialMagic = {0x82, 'S', 'N', 'A', 'P', 'P', 'Y', 0};
constexpr size_t kXerialHeaderSize = 16;
constexpr size_t kXerialBlockSize = 32 * 1024;

bool startsXerial(base::ByteView bytes) {
  return bytes.size() >= kXerialHeaderSize && std::equal(kXerialMagic.begin(), kXerialMagic.end(), bytes.begin());
}

base::Bytes snappyCompress(base::ByteView bytes) {
  base::ByteWriter writer;
  writer.writeBytes(kXerialMagic);
  writer.writeInt32(1);
  writer.writeInt32(1);
  std::string block;
  for (size_t at = 0; at < bytes.size(); at += kXerialBlockSize) {
    const std::string_view part = base::asText(bytes.subspan(at, std::min(kXerialBlockSize, bytes.size() - at)));
    snappy::Compress(part.data(), part.size(), &block);
    writer.writeInt32(static_cast<int32_t>(block.size()));
    writer.writeBytes(base::asBytes(block));
  }
  return writer.take();
}

base::Status snappyAppendBlock(base::ByteView block, base::Bytes& output) {
  const std::string_view text = base::asText(block);
  size_t size = 0;
  if (!snappy::GetUncompressedLength(text.data(), text.size(), &size))
    return corrupt(Compression::Snappy, "a block has no length");
  if (size > kDecompressedBytesMax - output.size()) return corrupt(Compression::Snappy, kTooLarge);
  // A block says its length before anything vouches for it; snappy cannot shrink more than about 21 to 1.
  if (size > 64 * block.size() + 64) return corrupt(Compression::Snappy, "a block claims an impossible length");
  const size_t before = output.size();
  output.resize(before + size);
  if (!snappy::RawUncompress(text.data(), text.size(), reinterpret_cast<char*>(output.data() + before)))
    return corrupt(Compression::Snappy, "a block is damaged");
  return {};
}

base::Result<base::Bytes> snappyDecompress(base::ByteView bytes) {
  base::Bytes output;
  if (!startsXerial(bytes)) {
    if (auto status = snappyAppendBlock(bytes, output); !status) return base::fail(status.error());
    return output;
  }
  while (!bytes.empty()) {
    if (startsXerial(bytes)) {
      bytes = bytes.subspan(kXerialHeaderSize);
      continue;
    }
    base::ByteReader reader(bytes);
    const int32_t length = reader.readInt32();
    if (reader.failed() || length < 0) return corrupt(Compression::Snappy, "a block's length is damaged");
    const base::ByteView block = reader.readBytes(static_cast<size_t>(length));
    if (reader.failed()) return corrupt(Compression::Snappy, kEndsEarly);
    if (auto status = snappyAppendBlock(block, output); !status) return base::fail(status.error());
    bytes = bytes.subspan(reader.position());
  }
  return output;
}

// LZ4

constexpr std::array<uint8_t, 4> kLz4Magic = {0x04, 0x22, 0x4d, 0x18};
constexpr size_t kLz4FlagsAt = 4;
constexpr uint8_t kLz4BlockIndependence = 0x20;
/// Version 1, independent blocks of at most 64 KiB, no checksums, and the checksum of these two bytes.
constexpr std::array<uint8_t, 3> kLz4Descriptor = {0x60, 0x40, 0x82};
constexpr size_t kLz4BlockSize = 64 * 1024;
constexpr uint32_t kLz4Uncompressed = 0x80000000;
/// Kafka's default, for which it takes the fast compressor; every other level is the high compressor's.
constexpr int kLz4DefaultLevel = 9;

/// Kafka: Lz4BlockOutputStream. The library's own frames do not reach the high compressor's levels 1 and 2.
base::Bytes lz4Compress(base::ByteView bytes, int level) {
  base::ByteWriter writer;
  writer.writeBytes(kLz4Magic);
  writer.writeBytes(kLz4Descriptor);
  const auto writeUint32 = [&writer](uint32_t value) {
    for (int shift = 0; shift < 32; shift += 8) writer.writeInt8(static_cast<int8_t>(value >> shift));
  };
  std::string compressed(static_cast<size_t>(LZ4_compressBound(kLz4BlockSize)), '\0');
  const int room = static_cast<int>(compressed.size());
  for (size_t at = 0; at < bytes.size(); at += kLz4BlockSize) {
    const base::ByteView block = bytes.subspan(at, std::min(kLz4BlockSize, bytes.size() - at));
    const char* const source = base::asText(block).data();
    const int sourceSize = static_cast<int>(block.size());
    const int size = level == kLz4DefaultLevel ? LZ4_compress_default(source, compressed.data(), sourceSize, room)
                                               : LZ4_compress_HC(source, compressed.data(), sourceSize, room, level);
    STREAMSCOPE_ASSERT(size > 0);
    if (size < sourceSize) {
      writeUint32(static_cast<uint32_t>(size));
      writer.writeBytes(base::asBytes(std::string_view(compressed).substr(0, static_cast<size_t>(size))));
    } else {
      writeUint32(static_cast<uint32_t>(sourceSize) | kLz4Uncompressed);
      writer.writeBytes(block);
    }
  }
  writeUint32(0);
  return writer.take();
}

base::Result<base::Bytes> lz4Decompress(base::ByteView bytes) {
  if (bytes.size() <= kLz4FlagsAt) return corrupt(Compression::Lz4, kEndsEarly);
  if (!std::equal(kLz4Magic.begin(), kLz4Magic.end(), bytes.begin()))
    return corrupt(Compression::Lz4, "it does not begin with the magic of an LZ4 frame");
  if ((bytes[kLz4FlagsAt] & kLz4BlockIndependence) == 0)
    return corrupt(Compression::Lz4, "its blocks depend on each other, which Kafka does not read");
  LZ4F_dctx* context = nullptr;
  STREAMSCOPE_ASSERT(!LZ4F_isError(LZ4F_createDecompressionContext(&context, LZ4F_VERSION)));
  const std::unique_ptr<LZ4F_dctx, decltype(&LZ4F_freeDecompressionContext)> guard(context,
                                                                                   &LZ4F_freeDecompressionContext);
  base::Bytes output;
  size_t used = 0;
  size_t wanted = 1;
  while (wanted != 0) {
    if (!grow(output, used)) return corrupt(Compression::Lz4, kTooLarge);
    size_t produced = output.size() - used;
    size_t consumed = bytes.size();
    wanted = LZ4F_decompress(context, output.data() + used, &produced, bytes.data(), &consumed, nullptr);
    if (LZ4F_isError(wanted)) return corrupt(Compression::Lz4, LZ4F_getErrorName(wanted));
    used += produced;
    bytes = bytes.subspan(consumed);
    if (bytes.empty() && wanted != 0 && produced == 0) return corrupt(Compression::Lz4, kEndsEarly);
  }
  output.resize(used);
  return output;
}

// Zstandard

constexpr int kZstdDefaultLevel = 3;

/// As a stream whose length is not known at its beginning, like Kafka's.
base::Bytes zstdCompress(base::ByteView bytes, int level) {
  const std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context(ZSTD_createCCtx(), &ZSTD_freeCCtx);
  STREAMSCOPE_ASSERT(!ZSTD_isError(ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, level)));
  base::Bytes output(ZSTD_compressBound(bytes.size()));
  ZSTD_outBuffer out{output.data(), output.size(), 0};
  ZSTD_inBuffer input{bytes.data(), bytes.size(), 0};
  for (const ZSTD_EndDirective directive : {ZSTD_e_continue, ZSTD_e_end}) {
    size_t left = 1;
    while (input.pos < input.size || (directive == ZSTD_e_end && left != 0)) {
      left = ZSTD_compressStream2(context.get(), &out, &input, directive);
      STREAMSCOPE_ASSERT(!ZSTD_isError(left));
      if (out.pos == out.size) {
        output.resize(output.size() * 2 + 64);
        out.dst = output.data();
        out.size = output.size();
      }
    }
  }
  output.resize(out.pos);
  return output;
}

base::Result<base::Bytes> zstdDecompress(base::ByteView bytes) {
  if (bytes.empty()) return base::Bytes();
  const std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context(ZSTD_createDCtx(), &ZSTD_freeDCtx);
  ZSTD_inBuffer input{bytes.data(), bytes.size(), 0};
  base::Bytes output;
  size_t used = 0;
  size_t wanted = 1;
  while (input.pos < input.size || wanted != 0) {
    if (!grow(output, used)) return corrupt(Compression::Zstd, kTooLarge);
    ZSTD_outBuffer out{output.data(), output.size(), used};
    wanted = ZSTD_decompressStream(context.get(), &out, &input);
    if (ZSTD_isError(wanted)) return corrupt(Compression::Zstd, ZSTD_getErrorName(wanted));
    const bool progress = out.pos > used;
    used = out.pos;
    if (input.pos == input.size && wanted != 0 && !progress) return corrupt(Compression::Zstd, kEndsEarly);
  }
  output.resize(used);
  return output;
}

}  // namespace

const char* compressionName(Compression codec) {
  switch (codec) {
    case Compression::None:
      return "none";
    case Compression::Gzip:
      return "gzip";
    case Compression::Snappy:
      return "snappy";
    case Compression::Lz4:
      return "lz4";
    case Compression::Zstd:
      return "zstd";
  }
  return "unknown";
}

base::Bytes compress(Compression codec, base::ByteView bytes, std::optional<int32_t> level) {
  switch (codec) {
    case Compression::None:
      break;
    case Compression::Gzip:
      return gzipCompress(bytes, level.value_or(Z_DEFAULT_COMPRESSION));
    case Compression::Snappy:
      return snappyCompress(bytes);
    case Compression::Lz4:
      return lz4Compress(bytes, level.value_or(kLz4DefaultLevel));
    case Compression::Zstd:
      return zstdCompress(bytes, level.value_or(kZstdDefaultLevel));
  }
  return base::Bytes(bytes.begin(), bytes.end());
}

base::Result<base::Bytes> decompress(Compression codec, base::ByteView bytes) {
  switch (codec) {
    case Compression::None:
      return base::Bytes(bytes.begin(), bytes.end());
    case Compression::Gzip:
      return gzipDecompress(bytes);
    case Compression::Snappy:
      return snappyDecompress(bytes);
    case Compression::Lz4:
      return lz4Decompress(bytes);
    case Compression::Zstd:
      return zstdDecompress(bytes);
  }
  return base::fail(base::ErrorCode::UNSUPPORTED_COMPRESSION_TYPE,
                    "Compression type " + std::to_string(static_cast<int>(codec)) +
                        " is not one Kafka defines; use none, gzip, snappy, lz4 or zstd.");
}

}  // namespace streamscope::log
