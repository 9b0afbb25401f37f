#include "batch_scanner.h"

#include <QTest>

#include "batches.h"
#include "storage/memory_storage.h"
#include "support/test_registry.h"

using namespace streamscope;
using Depth = log::BatchScanner::Depth;
using log::BatchEnd;

namespace {

struct Fixture {
  storage::MemoryStorage disk;
  std::unique_ptr<storage::File> file = *disk.open("batches", storage::OpenMode::ReadWrite);

  void append(const base::Bytes& bytes) { QVERIFY(file->append(bytes).has_value()); }
};

}  // namespace

class BatchScannerTest : public QObject {
  Q_OBJECT
 private slots:
  /// Batches smaller and larger than the windows of both depths.
  void walksOverBatchesOfAnySize() {
    Fixture fixture;
    std::vector<base::Bytes> batches;
    base::Offset offset = 0;
    for (const size_t valueSize : {10U, 40'000U, 3U, 600'000U, 20U}) {
      batches.push_back(log::makeBatch({.count = 2, .valueSize = valueSize, .baseOffset = offset}));
      offset += 2;
      fixture.append(batches.back());
    }
    for (const Depth depth : {Depth::Headers, Depth::Checksums}) {
      log::BatchScanner scanner(*fixture.file, 0, UINT64_MAX, depth);
      uint64_t position = 0;
      for (const base::Bytes& batch : batches) {
        QVERIFY(!scanner.atEnd());
        const auto scan = scanner.next();
        QVERIFY(scan.has_value() && scan->end == BatchEnd::Complete);
        QCOMPARE(scanner.position(), position);
        position += batch.size();
        QCOMPARE(scanner.nextPosition(), position);
        const auto bytes = scanner.bytes();
        QVERIFY(bytes.has_value() && base::Bytes(bytes->begin(), bytes->end()) == batch);
      }
      QVERIFY(scanner.atEnd());
    }
  }

  void startsAndEndsWhereItIsTold() {
    Fixture fixture;
    const base::Bytes batch = log::makeBatch({.count = 1});
    for (int i = 0; i < 4; ++i) fixture.append(batch);
    log::BatchScanner scanner(*fixture.file, batch.size(), 2 * batch.size(), Depth::Checksums);
    QVERIFY(scanner.next()->end == BatchEnd::Complete);
    QCOMPARE(scanner.position(), uint64_t{batch.size()});
    QVERIFY(scanner.atEnd());
    // An end inside a batch tears it.
    log::BatchScanner torn(*fixture.file, 0, batch.size() + 70, Depth::Headers);
    QVERIFY(torn.next()->end == BatchEnd::Complete);
    QVERIFY(!torn.atEnd());
    QVERIFY(torn.next()->end == BatchEnd::Torn);
    QCOMPARE(torn.nextPosition(), uint64_t{batch.size()});
  }

  void onlyChecksumsSeeADamagedRecord() {
    Fixture fixture;
    base::Bytes damaged = log::makeBatch({.count = 2});
    damaged.back() ^= 1;
    fixture.append(log::makeBatch({.count = 2}));
    fixture.append(damaged);
    log::BatchScanner headers(*fixture.file, 0, UINT64_MAX, Depth::Headers);
    log::BatchScanner checksums(*fixture.file, 0, UINT64_MAX, Depth::Checksums);
    QVERIFY(headers.next()->end == BatchEnd::Complete && checksums.next()->end == BatchEnd::Complete);
    QVERIFY(headers.next()->end == BatchEnd::Complete);
    const auto scan = checksums.next();
    QVERIFY(scan->end == BatchEnd::Damaged && !scan->reason.empty());
    // It does not go on behind it.
    QCOMPARE(checksums.nextPosition(), checksums.position());
  }

  void aFewBytesAreATornBatch() {
    Fixture fixture;
    fixture.append(base::Bytes(11, 0));
    log::BatchScanner scanner(*fixture.file, 0, UINT64_MAX, Depth::Checksums);
    QVERIFY(scanner.next()->end == BatchEnd::Torn);
    log::BatchScanner nothing(*fixture.file, 11, UINT64_MAX, Depth::Checksums);
    QVERIFY(nothing.atEnd());
  }
};

STREAMSCOPE_TEST(BatchScannerTest);
#include "batch_scanner_test.moc"
