#include "storage/memory_storage.h"

#include <QTest>

#include "support/test_registry.h"

using namespace streamscope;
using storage::OpenMode;

namespace {

std::string contentOf(storage::Storage& disk, const std::filesystem::path& path) {
  const auto bytes = disk.readFile(path);
  return bytes ? std::string(base::asText(*bytes)) : "(none)";
}

}  // namespace

class MemoryStorageTest : public QObject {
  Q_OBJECT
 private slots:
  void aCrashDropsWhatWasNotSynced() {
    storage::MemoryStorage disk;
    const auto file = disk.open("a", OpenMode::CreateNew);
    QVERIFY(disk.syncDirectory("").has_value());
    QVERIFY((*file)->append(base::asBytes("durable")).has_value());
    QVERIFY((*file)->sync().has_value());
    QVERIFY((*file)->append(base::asBytes(" lost")).has_value());
    disk.crash();
    QCOMPARE(contentOf(disk, "a"), std::string("durable"));
    QVERIFY(!(*file)->append(base::asBytes("x")).has_value());
    QVERIFY(!(*file)->sync().has_value());
  }

  void aCrashUndoesOverwritesAndCuts() {
    storage::MemoryStorage disk;
    const auto file = disk.open("a", OpenMode::CreateNew);
    QVERIFY(disk.syncDirectory("").has_value());
    QVERIFY((*file)->append(base::asBytes("0123456789")).has_value());
    QVERIFY((*file)->sync().has_value());
    QVERIFY((*file)->writeAt(2, base::asBytes("XX")).has_value());
    QVERIFY((*file)->truncate(5).has_value());
    QVERIFY((*file)->append(base::asBytes("abcdefghijk")).has_value());
    QVERIFY((*file)->writeAt(3, base::asBytes("YYYY")).has_value());
    disk.crash();
    QCOMPARE(contentOf(disk, "a"), std::string("0123456789"));
  }

  void aCrashDropsNamesWhoseDirectoryWasNotSynced() {
    storage::MemoryStorage disk;
    QVERIFY(disk.createDirectories("d").has_value());
    QVERIFY(disk.syncDirectory("").has_value());
    QVERIFY((*disk.open("d/kept", OpenMode::CreateNew))->sync().has_value());
    QVERIFY(disk.syncDirectory("d").has_value());
    QVERIFY((*disk.open("d/lost", OpenMode::CreateNew))->sync().has_value());
    QVERIFY(disk.rename("d/kept", "d/renamed").has_value());
    disk.crash();
    const auto entries = disk.list("d");
    QCOMPARE(entries->size(), size_t{1});
    QCOMPARE(entries->front().name, std::string("kept"));
    QVERIFY(disk.remove("d/kept").has_value());
    disk.crash();
    QVERIFY(disk.exists("d/kept"));
    QVERIFY(disk.remove("d/kept").has_value());
    QVERIFY(disk.syncDirectory("d").has_value());
    disk.crash();
    QVERIFY(!disk.exists("d/kept"));
  }

  void aTornAppendKeepsTheBytesBeforeTheTear() {
    for (size_t kept = 0; kept <= 8; ++kept) {
      storage::MemoryStorage disk;
      const auto file = disk.open("a", OpenMode::CreateNew);
      QVERIFY(disk.syncDirectory("").has_value());
      QVERIFY((*file)->append(base::asBytes("first ")).has_value());
      QVERIFY((*file)->append(base::asBytes("last")).has_value());
      disk.crash({kept});
      QCOMPARE(contentOf(disk, "a"), std::string("first last").substr(0, 6 + kept));
    }
  }

  void anAtomicallyReplacedFileIsOldOrNewAfterACrash() {
    storage::MemoryStorage disk;
    QVERIFY(disk.writeFileAtomically("c", base::asBytes("old")).has_value());
    disk.crash();
    QCOMPARE(contentOf(disk, "c"), std::string("old"));
    QVERIFY(disk.writeFileAtomically("c", base::asBytes("new")).has_value());
    disk.crash();
    QCOMPARE(contentOf(disk, "c"), std::string("new"));
  }

  void bitRotStays() {
    storage::MemoryStorage disk;
    QVERIFY(disk.writeFileAtomically("c", base::asBytes("abc")).has_value());
    disk.flipByte("c", 1, 0x20);
    disk.crash();
    QCOMPARE(contentOf(disk, "c"), std::string("aBc"));
    QCOMPARE(disk.bytesStored(), uint64_t{3});
  }
};

STREAMSCOPE_TEST(MemoryStorageTest);
#include "memory_storage_test.moc"
