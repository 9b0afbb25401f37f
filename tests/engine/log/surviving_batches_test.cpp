#include "surviving_batches.h"

#include <QTest>

#include "batches.h"
#include "storage/memory_storage.h"
#include "support/test_registry.h"

using namespace streamscope;

namespace {

/// "batches records" among the bytes from `position` on.
std::string surviving(const std::vector<base::Bytes>& parts, uint64_t position) {
  storage::MemoryStorage disk;
  const auto file = disk.open("segment", storage::OpenMode::ReadWrite);
  for (const base::Bytes& part : parts)
    if (!(*file)->append(part)) return "not written";
  const auto found = log::findSurvivingBatches(**file, position);
  return found ? std::to_string(found->batches) + " " + std::to_string(found->records) : found.error().message;
}

}  // namespace

class SurvivingBatchesTest : public QObject {
  Q_OBJECT
 private slots:
  void wholeBatchesBehindDamageAreCounted() {
    const base::Bytes batch = log::makeBatch({.count = 3});
    base::Bytes damaged = batch;
    damaged[70] ^= 1;
    const base::Bytes rubbish(37, 0xab);
    QCOMPARE(surviving({batch, batch}, 0), std::string("2 6"));
    QCOMPARE(surviving({damaged, batch, batch}, 1), std::string("2 6"));
    QCOMPARE(surviving({rubbish, batch, rubbish, batch}, 0), std::string("2 6"));
    QCOMPARE(surviving({damaged, batch, damaged, damaged, batch}, 1), std::string("2 6"));
    // From inside a batch on it does not count.
    QCOMPARE(surviving({batch, batch}, 1), std::string("1 3"));
  }

  void aTornTailHasNone() {
    const base::Bytes batch = log::makeBatch({.count = 3});
    const base::Bytes half(batch.begin(), batch.begin() + 50);
    QCOMPARE(surviving({half}, 0), std::string("0 0"));
    QCOMPARE(surviving({batch, half}, batch.size()), std::string("0 0"));
    QCOMPARE(surviving({base::Bytes(5000, 0)}, 0), std::string("0 0"));
    QCOMPARE(surviving({}, 0), std::string("0 0"));
    QCOMPARE(surviving({batch}, 10'000), std::string("0 0"));
  }
};

STREAMSCOPE_TEST(SurvivingBatchesTest);
#include "surviving_batches_test.moc"
