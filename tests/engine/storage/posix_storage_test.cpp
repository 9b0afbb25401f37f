#include "storage/posix_storage.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "support/test_registry.h"

using namespace streamscope;
using storage::OpenMode;

class PosixStorageTest : public QObject {
  Q_OBJECT
 private slots:
  void anotherOwnerFindsTheLockTaken() {
    const QTemporaryDir directory;
    const auto root = std::filesystem::path(directory.path().toStdString()) / "node";
    storage::PosixStorage second(root);
    {
      storage::PosixStorage first(root);
      QVERIFY(first.lock(".lock").has_value());
      const auto refused = second.lock(".lock");
      QCOMPARE(refused.error().kind, storage::FaultKind::Locked);
      QVERIFY(refused.error().message.find((root / ".lock").string()) != std::string::npos);
    }
    QVERIFY(second.lock(".lock").has_value());
  }

  void aFaultNamesThePathAndARemedy() {
    const QTemporaryDir directory;
    storage::PosixStorage disk(directory.path().toStdString());
    const auto missing = disk.open("nowhere/file", OpenMode::ReadWrite);
    QCOMPARE(missing.error().kind, storage::FaultKind::NotFound);
    QVERIFY(missing.error().message.find("nowhere/file") != std::string::npos);
    QVERIFY(missing.error().message.find("check the path") != std::string::npos);
    QVERIFY(!disk.open("", OpenMode::ReadOnly).has_value());
  }

  void aFullDeviceSaysNoSpace() {
    if (!QFile::exists("/dev/full")) QSKIP("this system has no /dev/full");
    storage::PosixStorage disk("/dev");
    const auto file = disk.open("full", OpenMode::ReadWrite);
    QVERIFY(file.has_value());
    QCOMPARE((*file)->append(base::asBytes("x")).error().kind, storage::FaultKind::NoSpace);
  }

  void throwAwayFilesAreFilesToo() {
    const QTemporaryDir directory;
    storage::PosixStorage disk(directory.path().toStdString(), storage::Durability::Process);
    QVERIFY(disk.writeFileAtomically("a", base::asBytes("x")).has_value());
    storage::PosixStorage other(directory.path().toStdString());
    QCOMPARE(std::string(base::asText(other.readFile("a").value())), std::string("x"));
  }

  void everyByteIsKeptAsItIs() {
    const QTemporaryDir directory;
    storage::PosixStorage disk(directory.path().toStdString());
    base::Bytes all;
    for (int i = 0; i < 256; ++i) all.push_back(static_cast<uint8_t>(i));
    const auto lines = base::asBytes(
        "a\nb\r\nc\x1a"
        "d\n");
    all.insert(all.end(), lines.begin(), lines.end());
    {
      const auto file = disk.open("a", OpenMode::CreateNew);
      QVERIFY((*file)->append(all).has_value());
    }
    QCOMPARE(disk.list("").value().at(0).size, uint64_t{all.size()});
    QVERIFY(disk.readFile("a").value() == all);
  }

  void aRemovedNameIsFreeThoughTheFileIsOpen() {
    const QTemporaryDir directory;
    storage::PosixStorage disk(directory.path().toStdString());
    const auto open = disk.open("a", OpenMode::CreateNew);
    QVERIFY(disk.remove("a").has_value());
    QVERIFY(!disk.exists("a"));
    QVERIFY(disk.open("a", OpenMode::CreateNew).has_value());
  }

  void anOpenFileOutlivesItsName() {
    const QTemporaryDir directory;
    storage::PosixStorage disk(directory.path().toStdString());
    const auto file = disk.open("a", OpenMode::CreateNew);
    QVERIFY(disk.rename("a", "b").has_value());
    QVERIFY((*file)->append(base::asBytes("x")).has_value());
    QVERIFY(disk.remove("b").has_value());
    QVERIFY((*file)->append(base::asBytes("y")).has_value());
  }
};

STREAMSCOPE_TEST(PosixStorageTest);
#include "posix_storage_test.moc"
