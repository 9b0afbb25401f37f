#include "storage/faulty_storage.h"

#include <QTest>

#include "support/crashable_memory.h"
#include "support/test_registry.h"

using namespace streamscope;
using storage::FaultKind;
using storage::OpenMode;

namespace {

struct Fixture {
  test::CrashableMemory memory;
  storage::FaultyStorage disk{memory};

  std::string content(const std::filesystem::path& path) {
    const auto bytes = memory.readFile(path);
    return bytes ? std::string(base::asText(*bytes)) : "(none)";
  }
};

}  // namespace

class FaultyStorageTest : public QObject {
  Q_OBJECT
 private slots:
  void aFullDiskRefusesUntilThereIsSpace() {
    Fixture fixture;
    const auto file = fixture.disk.open("a", OpenMode::CreateNew);
    fixture.disk.setFull(true);
    QCOMPARE((*file)->append(base::asBytes("x")).error().kind, FaultKind::NoSpace);
    QCOMPARE((*file)->writeAt(0, base::asBytes("x")).error().kind, FaultKind::NoSpace);
    QCOMPARE(fixture.disk.open("b", OpenMode::CreateNew).error().kind, FaultKind::NoSpace);
    QCOMPARE(fixture.disk.createDirectories("d").error().kind, FaultKind::NoSpace);
    QVERIFY(fixture.disk.open("a", OpenMode::ReadWrite).has_value());
    QVERIFY((*file)->sync().has_value());
    fixture.disk.setFull(false);
    QVERIFY((*file)->append(base::asBytes("x")).has_value());
    QVERIFY((*file)->writeAt(0, base::asBytes("y")).has_value());
    QCOMPARE(fixture.content("a"), std::string("y"));
  }

  void aDiskThatFillsUpTakesWhatFits() {
    Fixture fixture;
    const auto file = fixture.disk.open("a", OpenMode::CreateNew);
    fixture.disk.setBytesUntilFull(5);
    QVERIFY((*file)->append(base::asBytes("abc")).has_value());
    QCOMPARE((*file)->append(base::asBytes("defg")).error().kind, FaultKind::NoSpace);
    QCOMPARE(fixture.content("a"), std::string("abcde"));
    QCOMPARE((*file)->append(base::asBytes("z")).error().kind, FaultKind::NoSpace);
    fixture.disk.setBytesUntilFull(std::nullopt);
    QVERIFY((*file)->append(base::asBytes("z")).has_value());
  }

  void lostSyncsLookFineUntilThePowerGoes() {
    Fixture fixture;
    const auto file = fixture.disk.open("a", OpenMode::CreateNew);
    QVERIFY(fixture.disk.syncDirectory("").has_value());
    QVERIFY((*file)->append(base::asBytes("kept")).has_value());
    QVERIFY((*file)->sync().has_value());
    fixture.disk.setLosesSyncs(true);
    QVERIFY((*file)->append(base::asBytes(" lost")).has_value());
    QVERIFY((*file)->sync().has_value());
    QVERIFY(fixture.disk.open("b", OpenMode::CreateNew).has_value());
    QVERIFY(fixture.disk.syncDirectory("").has_value());
    QCOMPARE(fixture.content("a"), std::string("kept lost"));
    fixture.memory.crash();
    QCOMPARE(fixture.content("a"), std::string("kept"));
    QVERIFY(!fixture.memory.exists("b"));
  }

  void aStoppedDiskWorksAgainWhenItMay() {
    Fixture fixture;
    const auto file = fixture.disk.open("a", OpenMode::CreateNew);
    fixture.disk.stopAtOperation(fixture.disk.operationCount());
    QCOMPARE((*file)->append(base::asBytes("x")).error().kind, FaultKind::InputOutput);
    QCOMPARE(fixture.disk.list("").error().kind, FaultKind::InputOutput);
    fixture.disk.stopAtOperation(std::nullopt);
    QVERIFY((*file)->append(base::asBytes("x")).has_value());
  }

  void syncsFailOnDemand() {
    Fixture fixture;
    const auto file = fixture.disk.open("a", OpenMode::CreateNew);
    fixture.disk.setSyncFails(true);
    QVERIFY(!(*file)->sync().has_value());
    QVERIFY(!fixture.disk.syncDirectory("").has_value());
    fixture.disk.setSyncFails(false);
    QVERIFY((*file)->sync().has_value());
    QVERIFY(fixture.disk.syncDirectory("").has_value());
  }

  void aTornAppendWritesItsFirstBytes() {
    Fixture fixture;
    const auto file = fixture.disk.open("a", OpenMode::CreateNew);
    fixture.disk.tearNextAppend(2);
    QCOMPARE((*file)->append(base::asBytes("abc")).error().kind, FaultKind::InputOutput);
    QCOMPARE(fixture.content("a"), std::string("ab"));
    QVERIFY((*file)->append(base::asBytes("c")).has_value());
  }

  void oneOperationFails() {
    Fixture fixture;
    const auto file = fixture.disk.open("a", OpenMode::CreateNew);
    fixture.disk.failOperation(fixture.disk.operationCount() + 1);
    QVERIFY((*file)->append(base::asBytes("a")).has_value());
    QVERIFY(!(*file)->append(base::asBytes("b")).has_value());
    QVERIFY((*file)->append(base::asBytes("c")).has_value());
    QCOMPARE(fixture.content("a"), std::string("ac"));
  }

  void theObserverSeesTheDiskBeforeEachOperation() {
    Fixture fixture;
    const auto file = fixture.disk.open("a", OpenMode::CreateNew);
    std::string seen;
    fixture.disk.setObserver(
        [&](uint64_t operation) { seen += std::to_string(operation) + fixture.content("a") + " "; });
    QVERIFY((*file)->append(base::asBytes("x")).has_value());
    QVERIFY((*file)->append(base::asBytes("y")).has_value());
    QVERIFY((*file)->sync().has_value());
    QCOMPARE(seen, std::string("1 2x 3xy "));
  }

  void afterTheStopEverythingFails() {
    Fixture fixture;
    const auto file = fixture.disk.open("a", OpenMode::CreateNew);
    fixture.disk.stopAtOperation(fixture.disk.operationCount() + 1);
    QVERIFY((*file)->append(base::asBytes("a")).has_value());
    QVERIFY(!(*file)->append(base::asBytes("b")).has_value());
    QVERIFY(!(*file)->truncate(0).has_value());
    QVERIFY(!(*file)->sync().has_value());
    QVERIFY(!fixture.disk.list("").has_value());
    QVERIFY(!fixture.disk.rename("a", "b").has_value());
    QVERIFY(!fixture.disk.remove("a").has_value());
    QVERIFY(!fixture.disk.lock("l").has_value());
    QCOMPARE(fixture.content("a"), std::string("a"));
  }
};

STREAMSCOPE_TEST(FaultyStorageTest);
#include "faulty_storage_test.moc"
