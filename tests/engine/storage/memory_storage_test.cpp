#include "storage/memory_storage.h"

#include <QTest>

#include "support/test_registry.h"

using namespace streamscope;
using storage::OpenMode;

/// What it has beyond a Storage.
class MemoryStorageTest : public QObject {
  Q_OBJECT
 private slots:
  void aCopyGoesItsOwnWay() {
    storage::MemoryStorage disk;
    QVERIFY(disk.createDirectories("d").has_value());
    QVERIFY(disk.writeFileAtomically("d/a", base::asBytes("both")).has_value());
    const auto copy = disk.copy();
    QVERIFY((*disk.open("d/a", OpenMode::ReadWrite))->append(base::asBytes(" here")).has_value());
    QVERIFY((*copy->open("d/a", OpenMode::ReadWrite))->append(base::asBytes(" there")).has_value());
    QVERIFY(disk.rename("d/a", "d/b").has_value());
    QCOMPARE(base::asText(*copy->readFile("d/a")), std::string_view("both there"));
    QCOMPARE(base::asText(*disk.readFile("d/b")), std::string_view("both here"));
  }

  void bitRotIsThere() {
    storage::MemoryStorage disk;
    QVERIFY(disk.writeFileAtomically("c", base::asBytes("abc")).has_value());
    disk.flipByte("c", 1, 0x20);
    QCOMPARE(base::asText(*disk.readFile("c")), std::string_view("aBc"));
    QCOMPARE(disk.bytesStored(), uint64_t{3});
  }
};

STREAMSCOPE_TEST(MemoryStorageTest);
#include "memory_storage_test.moc"
