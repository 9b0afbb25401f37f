#include "storage/failing_directories.h"

#include <QTest>

#include "storage/memory_storage.h"
#include "storage/subdirectory_storage.h"
#include "support/test_registry.h"

using namespace streamscope;
using storage::FailingDirectories;
using storage::OpenMode;
using storage::SubdirectoryStorage;

class FailingDirectoriesTest : public QObject {
  Q_OBJECT
 private slots:
  void onlyWhatIsInAFailingDirectoryRefuses() {
    storage::MemoryStorage memory;
    FailingDirectories disks(memory);
    QVERIFY(disks.createDirectories("a"));
    QVERIFY(disks.createDirectories("ab"));
    auto inA = disks.open("a/file", OpenMode::CreateNew);
    auto inAb = disks.open("ab/file", OpenMode::CreateNew);
    QVERIFY(inA && inAb);
    disks.setFailing("a", true);
    QVERIFY(disks.isFailing("a") && !disks.isFailing("ab"));
    // An open file too.
    const auto written = (*inA)->append(base::asBytes("x"));
    QVERIFY(!written);
    QCOMPARE(written.error().kind, storage::FaultKind::InputOutput);
    QVERIFY2(written.error().message.find("a/file") != std::string::npos, written.error().message.c_str());
    QVERIFY(!(*inA)->sync());
    QVERIFY(!disks.open("a/file", OpenMode::ReadOnly));
    QVERIFY(!disks.list("a"));
    QVERIFY(!disks.rename("ab/file", "a/other"));
    QVERIFY(!disks.remove("a/file"));
    QVERIFY(!disks.syncDirectory("a"));
    QVERIFY((*inAb)->append(base::asBytes("x")));
    QVERIFY(disks.list(""));
    disks.setFailing("a", false);
    QVERIFY((*inA)->append(base::asBytes("x")));
    QCOMPARE((*inA)->size(), uint64_t{1});
  }

  void aSubdirectoryIsAStorageOfItsOwn() {
    storage::MemoryStorage memory;
    QVERIFY(memory.createDirectories("logs-1"));
    SubdirectoryStorage logs(memory, "logs-1");
    QVERIFY(logs.createDirectories("t-0"));
    QVERIFY(logs.open("t-0/file", OpenMode::CreateNew));
    QVERIFY(memory.exists("logs-1/t-0/file"));
    QVERIFY(logs.exists("t-0/file"));
    const auto entries = logs.list("");
    QVERIFY(entries);
    QCOMPARE(entries->size(), size_t{1});
    QCOMPARE(entries->front().name, std::string("t-0"));
    QVERIFY(logs.rename("t-0", "t-1"));
    QVERIFY(logs.syncDirectory(""));
    QVERIFY(logs.writeFileAtomically("meta.properties", base::asBytes("x")));
    QVERIFY(memory.exists("logs-1/meta.properties"));
    QVERIFY(logs.removeAll("t-1"));
    QVERIFY(!memory.exists("logs-1/t-1"));
    QVERIFY(logs.lock(".lock"));
  }
};

STREAMSCOPE_TEST(FailingDirectoriesTest);
#include "failing_directories_test.moc"
