#include "frame_reader.h"

#include <QTest>

#include "base/byte_writer.h"
#include "base/random.h"
#include "support/test_registry.h"

using namespace streamscope;
using gateway::FrameReader;

namespace {

base::Bytes framed(base::ByteView body) {
  base::ByteWriter writer;
  writer.writeInt32(static_cast<int32_t>(body.size()));
  writer.writeBytes(body);
  return writer.take();
}

/// Gives the reader bytes as a socket would, `chunk` at a time, and collects the frames.
std::vector<base::Bytes> framesFrom(FrameReader& reader, base::ByteView bytes, size_t chunk) {
  std::vector<base::Bytes> frames;
  while (!bytes.empty()) {
    const auto space = reader.space();
    const size_t count = std::min({chunk, space.size(), bytes.size()});
    std::copy_n(bytes.begin(), count, space.begin());
    reader.filled(count);
    bytes = bytes.subspan(count);
    while (const auto frame = reader.next()) frames.emplace_back(frame->begin(), frame->end());
  }
  return frames;
}

}  // namespace

class FrameReaderTest : public QObject {
  Q_OBJECT
 private slots:
  void framesComeOutWhole_data() {
    QTest::addColumn<int>("chunk");
    for (const int chunk : {1, 3, 4, 5, 1000, 1'000'000}) QTest::addRow("%d bytes at a time", chunk) << chunk;
  }
  void framesComeOutWhole() {
    QFETCH(int, chunk);
    base::Random random(7);
    std::vector<base::Bytes> expected;
    base::Bytes stream;
    for (const size_t size :
         {size_t{0}, size_t{1}, size_t{10}, size_t{16'380}, size_t{40'000}, size_t{3}, size_t{100'000}}) {
      base::Bytes body(size);
      for (uint8_t& byte : body) byte = static_cast<uint8_t>(random.uuid().toBytes()[0]);
      const base::Bytes frame = framed(body);
      stream.insert(stream.end(), frame.begin(), frame.end());
      expected.push_back(std::move(body));
    }
    FrameReader reader(200'000);
    const auto frames = framesFrom(reader, stream, static_cast<size_t>(chunk));
    QVERIFY(frames == expected);
    QVERIFY(reader.refusal().empty());
    QVERIFY(reader.isAtFrameStart());
  }

  void halfAFrameIsNoFrame() {
    FrameReader reader(1000);
    base::Bytes stream = framed(base::asBytes("hello"));
    stream.pop_back();
    QVERIFY(framesFrom(reader, stream, 100).empty());
    QVERIFY(!reader.isAtFrameStart());
  }

  void theLargestFrameIsTaken() {
    FrameReader reader(1000);
    QCOMPARE(framesFrom(reader, framed(base::Bytes(1000)), 4096).size(), size_t{1});
  }

  void aByteMoreIsRefusedForGood() {
    FrameReader reader(1000);
    QVERIFY(framesFrom(reader, framed(base::Bytes(1001)), 4096).empty());
    QVERIFY(reader.refusal().find("socket.request.max.bytes (1000)") != std::string::npos);
    QVERIFY(framesFrom(reader, framed(base::asBytes("x")), 4096).empty());
  }

  void aNegativeSizeIsRefused() {
    FrameReader reader(1000);
    const base::Bytes stream = {0xff, 0xff, 0xff, 0xff};
    QVERIFY(framesFrom(reader, stream, 4096).empty());
    QVERIFY(reader.refusal().find("negative size (-1)") != std::string::npos);
  }

  void aPromisedSizeReservesNothing() {
    FrameReader reader(104'857'600);
    base::ByteWriter writer;
    writer.writeInt32(104'857'600);
    QVERIFY(framesFrom(reader, writer.view(), 4).empty());
    QVERIFY(reader.refusal().empty());
    QVERIFY(reader.space().size() < 64 * 1024);
  }
};

STREAMSCOPE_TEST(FrameReaderTest);
#include "frame_reader_test.moc"
