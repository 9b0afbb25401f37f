#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "lab/lab.h"
#include "lab_scene.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::lab;
using test::openLab;
using test::seconds;
using test::smallLab;

namespace {

Lab::Options hashed(uint64_t seed) {
  Lab::Options options;
  options.seed = seed;
  options.hashTrace = true;
  return options;
}

std::string hashOf(const LabDescription& description, uint64_t seed) {
  auto lab = openLab(description, hashed(seed));
  lab->runUntil(seconds(30));
  return lab->traceHash();
}

LabDescription busyLab() {
  LabDescription description = smallLab();
  description.producers = {test::producer("checkout", 40), test::producer("web", 60, 1)};
  description.consumers = {test::consumer("billing")};
  description.commands = {{seconds(8), KillBroker{0, base::TopicPartition{"orders", 0}}},
                          {seconds(20), StartBroker{0}}};
  return description;
}

/// Bytes of an ApiVersions v3 request (correlation 7, client "c", software "lab" "1.0").
const base::Bytes kApiVersionsFrame = {0x00, 0x12, 0x00, 0x03, 0x00, 0x00, 0x00, 0x07, 0x00, 0x01, 0x63,
                                       0x00, 0x04, 0x6c, 0x61, 0x62, 0x04, 0x31, 0x2e, 0x30, 0x00};

class SilentSink : public world::ExternalConnectionSink {
 public:
  void sendFrame(base::Bytes) override { ++frames; }
  void close(const std::string&) override {}
  int frames = 0;
};

}  // namespace

class LabReplayTest : public QObject {
  Q_OBJECT
 private slots:
  void oneSeedTellsOneStoryAndAnotherSeedAnother() {
    const std::string hash = hashOf(busyLab(), 5);
    QCOMPARE(hash.size(), size_t{64});
    QCOMPARE(hashOf(busyLab(), 5), hash);
    QVERIFY(hashOf(busyLab(), 6) != hash);
  }

  void realFilesTellTheSameStoryAsMemory() {
    QTemporaryDir directory;
    Lab::Options options = hashed(5);
    options.dataDirectory = directory.filePath("cluster").toStdString();
    auto lab = openLab(busyLab(), options);
    lab->runUntil(seconds(30));
    QCOMPARE(lab->traceHash(), hashOf(busyLab(), 5));
  }

  void aRecordingIsReplayed() {
    QTemporaryDir directory;
    const std::filesystem::path file = directory.filePath("story.recording").toStdString();
    std::string hash;
    SilentSink sink;
    {
      Lab::Options options = hashed(11);
      options.recordTo = file;
      auto lab = openLab(busyLab(), options);
      lab->runUntil(seconds(5));
      QVERIFY(lab->execute(CutLink{world::brokerAddress(1), world::brokerAddress(2)}).has_value());
      lab->runUntil(seconds(6) + std::chrono::microseconds(17));
      // A refusal is part of the story.
      QVERIFY(!lab->execute(KillBroker{8}).has_value());
      const world::Address connection = lab->openExternal(3, "127.0.0.1:5", &sink);
      for (int i = 0; i < 50; ++i) lab->step();
      lab->externalFrame(connection, kApiVersionsFrame);
      lab->runUntil(seconds(12));
      lab->closeExternal(connection, "done");
      QVERIFY(lab->execute(HealLink{world::brokerAddress(1), world::brokerAddress(2)}).has_value());
      lab->runUntil(seconds(25));
      hash = lab->traceHash();
    }
    QCOMPARE(sink.frames, 1);
    const auto replayed = Lab::replay(file);
    QVERIFY2(replayed.has_value(), replayed ? "" : replayed.error().message.c_str());
    QCOMPARE((*replayed)->now(), seconds(25));
    QCOMPARE((*replayed)->traceHash(), hash);

    const auto cutShort = Lab::replay(file, seconds(9));
    QVERIFY(cutShort.has_value());
    QCOMPARE((*cutShort)->now(), seconds(9));
    QVERIFY((*cutShort)->traceHash() != hash);
  }

  void anExistingRecordingIsNotOverwritten() {
    QTemporaryDir directory;
    QFile file(directory.filePath("story.recording"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("precious");
    file.close();
    Lab::Options options;
    options.recordTo = directory.filePath("story.recording").toStdString();
    QVERIFY(!Lab::open(smallLab(), options).has_value());
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), QByteArray("precious"));
  }

  void whatIsNoRecordingIsRefused() {
    QTemporaryDir directory;
    QVERIFY(!Lab::replay(directory.filePath("missing").toStdString()).has_value());
    QFile file(directory.filePath("text"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("not a recording");
    file.close();
    const auto lab = Lab::replay(directory.filePath("text").toStdString());
    QVERIFY(!lab.has_value());
    QVERIFY(!lab.error().message.empty());
  }
};

STREAMSCOPE_TEST(LabReplayTest);
#include "lab_replay_test.moc"
