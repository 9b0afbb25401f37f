#include "data_directory.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "support/test_registry.h"

using namespace streamscope;

class DataDirectoryTest : public QObject {
  Q_OBJECT
 private slots:
  void init() { m_directory.emplace(); }
  void cleanup() { m_directory.reset(); }

  void aNewDirectoryHasNoClusterYet() {
    const auto contents = lab::inspectDataDirectory(path("new"), 3, {100});
    QVERIFY(contents.has_value());
    QVERIFY(!contents->clusterId.has_value());
  }

  void anEarlierRunGivesItsClusterId() {
    writeCluster({"one", "one", "one"});
    const auto contents = lab::inspectDataDirectory(path(""), 3, {100});
    QVERIFY2(contents.has_value(), contents ? "" : contents.error().message.c_str());
    QCOMPARE(contents->clusterId.value(), std::string("one"));
  }

  void refusals_data() {
    QTest::addColumn<QStringList>("clusters");
    QTest::addColumn<QString>("sentence");
    QTest::newRow("two clusters") << QStringList{"one", "two", "one"} << "belongs to cluster two and";
    QTest::newRow("more brokers") << QStringList{"one", "one", "one", "one"} << "more brokers than the 3 of this lab";
    QTest::newRow("fewer brokers") << QStringList{"one", "one"} << "holds 2 brokers and this lab has 3";
    QTest::newRow("no cluster id") << QStringList{"one", "", "one"} << "names no cluster.id";
  }
  void refusals() {
    QFETCH(QStringList, clusters);
    QFETCH(QString, sentence);
    writeCluster(clusters);
    const auto contents = lab::inspectDataDirectory(path(""), 3, {100});
    QVERIFY(!contents.has_value());
    QCOMPARE(contents.error().code, base::ErrorCode::INCONSISTENT_CLUSTER_ID);
    QVERIFY2(QString::fromStdString(contents.error().message).contains(sentence), contents.error().message.c_str());
  }

  void aNodeOfKafkasIsOpenedAsItIs() {
    writeIdentity(m_directory->path(), "one", 1);
    const auto contents = lab::inspectDataDirectory(path(""), 1, {100});
    QVERIFY2(contents.has_value(), contents ? "" : contents.error().message.c_str());
    QCOMPARE(contents->clusterId.value(), std::string("one"));
    QVERIFY(contents->isCombinedNode);
    QCOMPARE(contents->controllerNodeId.value(), 1);
    const auto three = lab::inspectDataDirectory(path(""), 3, {100});
    QVERIFY(three.error().message.find("open it with one broker (--brokers 1).") != std::string::npos);
    writeIdentity(m_directory->path(), "one", 7);
    const auto seven = lab::inspectDataDirectory(path(""), 1, {100});
    QVERIFY(seven.error().message.find("belongs to node 7") != std::string::npos);
  }

  void theControllersDirectorySaysItsNodeId() {
    writeCluster({"one"});
    writeIdentity(m_directory->filePath("controller-100"), "one", 3000);
    const auto contents = lab::inspectDataDirectory(path(""), 1, {100});
    QVERIFY2(contents.has_value(), contents ? "" : contents.error().message.c_str());
    QCOMPARE(contents->controllerNodeId.value(), 3000);
    QVERIFY(!contents->isCombinedNode);
  }

  void aFileInItsPlaceIsRefused() {
    QFile file(m_directory->filePath("file"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.close();
    const auto contents = lab::inspectDataDirectory(path("file"), 3, {100});
    QVERIFY(!contents.has_value());
    QVERIFY(contents.error().message.find("is no directory") != std::string::npos);
  }

 private:
  std::filesystem::path path(const char* name) const { return m_directory->filePath(name).toStdString(); }

  void writeCluster(const QStringList& clusterIds) {
    for (int i = 0; i < clusterIds.size(); ++i)
      writeIdentity(m_directory->filePath(QString("broker-%1").arg(i + 1)), clusterIds[i], i + 1);
  }

  static void writeIdentity(const QString& directory, const QString& clusterId, int nodeId) {
    QVERIFY(QDir().mkpath(directory));
    QFile file(directory + "/meta.properties");
    QVERIFY(file.open(QIODevice::WriteOnly));
    QByteArray text = "#\n#Tue Nov 24 05:45:55 UTC 2026\nnode.id=" + QByteArray::number(nodeId) + "\nversion=1\n";
    if (!clusterId.isEmpty()) text += "cluster.id=" + clusterId.toUtf8() + "\n";
    file.write(text);
  }

  std::optional<QTemporaryDir> m_directory;
};

STREAMSCOPE_TEST(DataDirectoryTest);
#include "data_directory_test.moc"
