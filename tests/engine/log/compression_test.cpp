#include "compression.h"

#include <QTest>

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
      QVERIFY2(*back == expected, log::compressionName(codec));
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
