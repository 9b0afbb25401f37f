#include "log/batch_frame.h"

#include <QTest>
#include <initializer_list>

#include "batches.h"
#include "support/test_registry.h"

using namespace streamscope;
using Kind = log::BatchFrame::Kind;
namespace layout = log::batch_layout;

class BatchFrameTest : public QObject {
  Q_OBJECT
 private slots:
  void aBatchIsAsLongAsItSays() {
    base::Bytes bytes = log::makeBatch({});
    const size_t size = bytes.size();
    bytes.insert(bytes.end(), 3, 0);
    const log::BatchFrame frame = log::nextBatchFrame(bytes);
    QVERIFY(frame.kind == Kind::Whole);
    QCOMPARE(frame.sizeInBytes, size);
    QCOMPARE(frame.magic, 2);
  }

  void everyBeginningOfABatchIsPartial() {
    const base::Bytes bytes = log::makeBatch({});
    for (size_t size = 0; size < bytes.size(); ++size) {
      const log::BatchFrame frame = log::nextBatchFrame(base::ByteView(bytes).first(size));
      QVERIFY(frame.kind == Kind::Partial);
      QVERIFY(!frame.reason.empty());
    }
  }

  void olderFormatsAreBatchesToo() {
    base::Bytes bytes = log::makeBatch({});
    for (const uint8_t magic : std::initializer_list<uint8_t>{0, 1}) {
      bytes[layout::kMagic] = magic;
      QVERIFY(log::nextBatchFrame(bytes).kind == Kind::Whole);
    }
    for (const uint8_t magic : std::initializer_list<uint8_t>{3, 255}) {
      bytes[layout::kMagic] = magic;
      QVERIFY(log::nextBatchFrame(bytes).kind == Kind::Damaged);
    }
  }

  void impossibleLengthsAreDamage() {
    base::Bytes bytes = log::makeBatch({});
    bytes[layout::kBatchLength + 3] = 13;
    QVERIFY(log::nextBatchFrame(bytes).kind == Kind::Damaged);
    bytes[layout::kBatchLength + 3] = 14;
    QVERIFY(log::nextBatchFrame(bytes).kind == Kind::Whole);
    bytes[layout::kBatchLength] = 0x80;
    QVERIFY(log::nextBatchFrame(bytes).kind == Kind::Damaged);
  }
};

STREAMSCOPE_TEST(BatchFrameTest);
#include "batch_frame_test.moc"
