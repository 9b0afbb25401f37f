#include "compression.h"

#include <QTest>
#include <array>

#include "base/random.h"
#include "batches.h"
#include "support/test_registry.h"

using namespace streamscope;
using log::Compression;

namespace {

constexpr Compression kCodecs[] = {Compression::Gzip, Compression::Snappy, Compression::Lz4, Compression::Zstd};

base::Bytes sample(size_t size, uint64_t seed) {
  base::Random random(seed);
  base::Bytes bytes(size);
  for (size_t i = 0; i < size; ++i) bytes[i] = static_cast<uint8_t>(i % 64 < 40 ? 'a' + i % 7 : random.below(256));
  return bytes;
}

/// Three records as Kafka 4.3.1's producer library (Java) writes them, each codec at its default level.
struct KafkaBatch {
  Compression codec;
  /// What follows the header.
  const char* payload;
};
constexpr KafkaBatch kKafkaBatches[] = {
    {Compression::Gzip,
     "1f8b08000000000000ffab616060e04acc29c848f44acb2c2a2e51284bcc294dd551c0c561e12a294a4c4e6532e4c8cbcf4b65b460306262"
     "d4c9cb57c84eadd45140a519c4188459b8f27353d3131919005ebf55d868000000"},
    {Compression::Snappy,
     "82534e415050590000000001000000010000004c685c7c0000000a616c7068614a66697273742076616c75652c205e0d0070040a74726163"
     "650231086e6f6e650138003202012c6e6f206b65792c203608003000160013040a6f6d6567610100"},
    {Compression::Lz4,
     "04224d186040824c000000ff097c0000000a616c7068614a66697273742076616c75652c200d0005fa0e040a74726163650231086e6f6e65"
     "0138003202012c6e6f206b65792c200800d000160013040a6f6d656761010000000000"},
    {Compression::Zstd,
     "28b52ffd005864020024047c0000000a616c7068614a66697273742076616c75652c20040a74726163650231086e6f6e650138003202012c"
     "6e6f206b65792c2000160013040a6f6d65676101000200adc80e00e718010000"},
};
constexpr const char* kKafkaRecords =
    "7c0000000a616c7068614a66697273742076616c75652c2066697273742076616c75652c2066697273742076616c7565040a747261636502"
    "31086e6f6e650138003202012c6e6f206b65792c206e6f206b65792c206e6f206b657900160013040a6f6d6567610100";

}  // namespace

class CompressionTest : public QObject {
  Q_OBJECT
 private slots:
  void everyCodecRoundTrips() {
    for (const Compression codec : kCodecs)
      for (const size_t size : {size_t{0}, size_t{1}, size_t{100}, size_t{32768}, size_t{32769}, size_t{300000}}) {
        const base::Bytes bytes = sample(size, size);
        const auto back = log::decompress(codec, log::compress(codec, bytes));
        QVERIFY2(back.has_value(), log::compressionName(codec));
        QVERIFY2(*back == bytes, log::compressionName(codec));
      }
  }

  void theFormsAreKafkas() {
    const base::Bytes bytes = sample(1000, 1);
    QCOMPARE(base::toHex(base::ByteView(log::compress(Compression::Gzip, bytes)).first(3)), std::string("1f8b08"));
    QCOMPARE(base::toHex(base::ByteView(log::compress(Compression::Snappy, bytes)).first(16)),
             std::string("82534e4150505900"
                         "00000001"
                         "00000001"));
    // Frame descriptor 0x60 0x40 with its checksum byte.
    QCOMPARE(base::toHex(base::ByteView(log::compress(Compression::Lz4, bytes)).first(7)),
             std::string("04224d18604082"));
    QCOMPARE(base::toHex(base::ByteView(log::compress(Compression::Zstd, bytes)).first(4)), std::string("28b52ffd"));
  }

  void whatKafkasClientWritesIsRead() {
    for (const KafkaBatch& batch : kKafkaBatches) {
      const auto records = log::decompress(batch.codec, log::fromHex(batch.payload));
      QVERIFY2(records.has_value(), log::compressionName(batch.codec));
      QCOMPARE(base::toHex(*records), std::string(kKafkaRecords));
    }
  }

  /// Up to where the libraries' versions may make a difference.
  void framesBeginAsKafkasClientWritesThem() {
    constexpr std::array<size_t, 4> kFrameHeaderSizes = {10, 16, 7, 6};
    for (size_t i = 0; i < kFrameHeaderSizes.size(); ++i) {
      const base::Bytes ours = log::compress(kKafkaBatches[i].codec, log::fromHex(kKafkaRecords));
      QCOMPARE(base::toHex(base::ByteView(ours).first(kFrameHeaderSizes[i])),
               std::string(kKafkaBatches[i].payload, 2 * kFrameHeaderSizes[i]));
    }
  }

  void levelsCompressMoreOrLess() {
    const base::Bytes bytes = sample(200'000, 7);
    const auto sizeAt = [&](Compression codec, int32_t level) {
      const base::Bytes compressed = log::compress(codec, bytes, level);
      const auto back = log::decompress(codec, compressed);
      return back && *back == bytes ? compressed.size() : 0;
    };
    QVERIFY(sizeAt(Compression::Gzip, 9) < sizeAt(Compression::Gzip, 1));
    QCOMPARE(sizeAt(Compression::Gzip, -1), sizeAt(Compression::Gzip, 6));
    QVERIFY(sizeAt(Compression::Zstd, 19) < sizeAt(Compression::Zstd, -50));
    // 9 is Kafka's default and means the fast compressor, all others the high one.
    QVERIFY(sizeAt(Compression::Lz4, 17) < sizeAt(Compression::Lz4, 9));
    QVERIFY(sizeAt(Compression::Lz4, 1) < sizeAt(Compression::Lz4, 9));
    for (int32_t level = 1; level <= 17; ++level)
      QVERIFY2(sizeAt(Compression::Lz4, level) > 0, QByteArray::number(level));
    // Levels above the library's highest are that one.
    QVERIFY(sizeAt(Compression::Lz4, 1) >= sizeAt(Compression::Lz4, 3));
    QVERIFY(sizeAt(Compression::Lz4, 3) > sizeAt(Compression::Lz4, 12));
    QCOMPARE(sizeAt(Compression::Lz4, 17), sizeAt(Compression::Lz4, 12));
  }

  /// Kafka: Lz4BlockOutputStream.writeBlock.
  void whatLz4CannotShrinkIsStoredAsItIs() {
    base::Random random(3);
    base::Bytes noise(70'000);
    for (uint8_t& byte : noise) byte = static_cast<uint8_t>(random.below(256));
    for (const int32_t level : {1, 9, 12}) {
      const base::Bytes frame = log::compress(Compression::Lz4, noise, level);
      // A header, two blocks of their own size, the end mark.
      QCOMPARE(frame.size(), 7 + 4 + 4 + noise.size() + 4);
      QVERIFY(log::decompress(Compression::Lz4, frame).value() == noise);
    }
    QCOMPARE(base::toHex(log::compress(Compression::Lz4, {})), std::string("04224d186040820000000000").substr(0, 22));
  }

  void bytesBehindTheDataAreReadAsKafkaReadsThem() {
    const base::Bytes first = sample(500, 1);
    for (const Compression codec : kCodecs) {
      base::Bytes surplus = log::compress(codec, first);
      surplus.insert(surplus.end(), 5, 9);
      const bool isIgnored = codec == Compression::Gzip || codec == Compression::Lz4;
      const auto back = log::decompress(codec, surplus);
      QCOMPARE(back.has_value(), isIgnored);
      if (isIgnored) QVERIFY(*back == first);
    }
  }

  void dependentLz4BlocksAreRefused() {
    base::Bytes frame = log::compress(Compression::Lz4, sample(500, 1));
    frame[4] = 0x40;
    QCOMPARE(log::decompress(Compression::Lz4, frame).error().code, base::ErrorCode::CORRUPT_MESSAGE);
  }

  /// Of LZ4 Kafka reads the first frame only.
  void piecesInARowAreOne() {
    const base::Bytes first = sample(5000, 1);
    const base::Bytes second = sample(70000, 2);
    base::Bytes expected = first;
    expected.insert(expected.end(), second.begin(), second.end());
    for (const Compression codec : kCodecs) {
      base::Bytes both = log::compress(codec, first);
      const base::Bytes more = log::compress(codec, second);
      both.insert(both.end(), more.begin(), more.end());
      const auto back = log::decompress(codec, both);
      QVERIFY2(back.has_value(), log::compressionName(codec));
      QVERIFY2(*back == (codec == Compression::Lz4 ? first : expected), log::compressionName(codec));
    }
  }

  void bareSnappyIsRead() {
    // Raw block: length 5, one literal of five bytes.
    const auto back = log::decompress(Compression::Snappy, log::fromHex("05 10 68656c6c6f"));
    QCOMPARE(std::string(base::asText(back.value())), std::string("hello"));
  }

  void whatEndsEarlyIsRefused() {
    for (const Compression codec : kCodecs) {
      const base::Bytes whole = log::compress(codec, sample(3000, 3));
      // Cutting after a whole snappy block leaves a valid stream, which the record walk then finds short.
      const size_t from = codec == Compression::Snappy ? 17 : 1;
      for (size_t length = from; length < whole.size(); ++length) {
        const auto back = log::decompress(codec, base::ByteView(whole).first(length));
        QVERIFY2(!back.has_value(), (std::string(log::compressionName(codec)) + " " + std::to_string(length)).c_str());
        QCOMPARE(back.error().code, base::ErrorCode::CORRUPT_MESSAGE);
      }
    }
  }

  void flippedBytesNeverCrash() {
    for (const Compression codec : kCodecs) {
      const base::Bytes whole = log::compress(codec, sample(600, 4));
      for (size_t i = 0; i < whole.size(); ++i)
        for (const uint8_t mask : {uint8_t{1}, uint8_t{0x80}, uint8_t{0xff}}) {
          base::Bytes damaged = whole;
          damaged[i] ^= mask;
          const auto back = log::decompress(codec, damaged);
          if (!back) QCOMPARE(back.error().code, base::ErrorCode::CORRUPT_MESSAGE);
        }
    }
  }

  void aBombIsRefused() {
    const base::Bytes zeros(log::kDecompressedBytesMax + 1);
    for (const Compression codec : {Compression::Lz4, Compression::Zstd}) {
      const auto back = log::decompress(codec, log::compress(codec, zeros));
      QVERIFY(!back.has_value());
      QVERIFY(back.error().message.find("64 MiB") != std::string::npos);
    }
  }

  void unknownCodecsAreNamed() {
    for (const int codec : {5, 6, 7})
      QCOMPARE(log::decompress(static_cast<Compression>(codec), {}).error().code,
               base::ErrorCode::UNSUPPORTED_COMPRESSION_TYPE);
  }
};

STREAMSCOPE_TEST(CompressionTest);
#include "compression_test.moc"
