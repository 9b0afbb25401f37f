#include "controller/quorum_state.h"

#include <QTest>
#include <algorithm>

#include "storage/faulty_storage.h"
#include "storage/memory_storage.h"
#include "support/test_registry.h"

using namespace streamscope;
using controller::QuorumRole;
using controller::QuorumState;

namespace {

constexpr const char* kFile = "quorum-state";

/// JSON is easier to read here with single quotes.
std::string json(std::string text) {
  std::replace(text.begin(), text.end(), '\'', '"');
  return text;
}

std::string textOf(storage::Storage& storage) {
  return std::string(base::asText(storage.readFile(kFile).value()));
}

void write(storage::Storage& storage, std::string_view text) {
  QVERIFY(storage.writeFileAtomically(kFile, base::asBytes(json(std::string(text)))).has_value());
}

}  // namespace

class QuorumStateTest : public QObject {
  Q_OBJECT
 private slots:
  void onlyTheTablesTransitionsAreAllowed() {
    const std::vector<QuorumRole> roles{QuorumRole::Unattached, QuorumRole::Candidate, QuorumRole::Leader,
                                        QuorumRole::Resigned};
    std::string allowed;
    for (const QuorumRole from : roles) {
      for (const QuorumRole to : roles) {
        if (controller::isAllowedTransition(from, to))
          allowed += std::string(quorumRoleName(from)) + ">" + std::string(quorumRoleName(to)) + " ";
      }
    }
    QCOMPARE(allowed, std::string("Unattached>Candidate Candidate>Candidate Candidate>Leader Leader>Resigned "
                                  "Resigned>Candidate "));
  }

  void kraftVersionOneWritesTheOtherForm() {
    storage::MemoryStorage storage;
    const base::Uuid directory{0xf5166d68212a4cee, 0x826baa2cf8d35451};
    QuorumState state = QuorumState::load(storage, kFile, 1, 0, 1, directory).value();
    QVERIFY(state.transitionToCandidate().has_value());
    QCOMPARE(textOf(storage), json("{'leaderId':-1,'leaderEpoch':1,'votedId':1,'votedDirectoryId':'" +
                                   directory.toString() + "','data_version':1}"));
    QVERIFY(state.transitionToLeader().has_value());
    // As Kafka 4.3.1 wrote it.
    QCOMPARE(textOf(storage), json("{'leaderId':1,'leaderEpoch':1,'votedId':-1,'votedDirectoryId':'"
                                   "AAAAAAAAAAAAAAAAAAAAAA','data_version':1}"));
    QCOMPARE(QuorumState::load(storage, kFile, 1, 0, 1, directory)->epoch(), 1);
  }

  void theOnlyVoterElectsItself() {
    storage::MemoryStorage storage;
    QuorumState state = QuorumState::load(storage, kFile, 100, 0).value();
    QVERIFY(state.role() == QuorumRole::Unattached);
    QCOMPARE(state.epoch(), 0);
    QVERIFY(state.transitionToCandidate().has_value());
    QCOMPARE(state.epoch(), 1);
    QVERIFY(!state.leaderId());
    QCOMPARE(textOf(storage), json("{'clusterId':'','leaderId':-1,'leaderEpoch':1,'votedId':100,'appliedOffset':0,'"
                                   "currentVoters':[{'voterId':100}],'data_version':0}"));
    QVERIFY(state.transitionToLeader().has_value());
    QVERIFY(state.role() == QuorumRole::Leader);
    QCOMPARE(*state.leaderId(), 100);
    QCOMPARE(textOf(storage), json("{'clusterId':'','leaderId':100,'leaderEpoch':1,'votedId':-1,'appliedOffset':0,'"
                                   "currentVoters':[{'voterId':100}],'data_version':0}"));
    state.transitionToResigned();
    QVERIFY(!state.leaderId());
    QCOMPARE(state.epoch(), 1);
  }

  void anEpochIsNeverLedTwice() {
    storage::MemoryStorage storage;
    QuorumState first = QuorumState::load(storage, kFile, 100, 0).value();
    QVERIFY(first.transitionToCandidate().has_value());
    QVERIFY(first.transitionToLeader().has_value());
    storage.crash();
    QuorumState second = QuorumState::load(storage, kFile, 100, 0).value();
    QVERIFY(second.role() == QuorumRole::Resigned);
    QCOMPARE(second.epoch(), 1);
    QVERIFY(second.transitionToCandidate().has_value());
    QCOMPARE(second.epoch(), 2);
  }

  void theLogsEpochCountsWhenItIsLarger() {
    storage::MemoryStorage storage;
    write(storage, "{'leaderId':100,'leaderEpoch':3,'votedId':-1,'data_version':0}");
    QCOMPARE(QuorumState::load(storage, kFile, 100, 2).value().epoch(), 3);
    const QuorumState ahead = QuorumState::load(storage, kFile, 100, 7).value();
    QCOMPARE(ahead.epoch(), 7);
    QVERIFY(ahead.role() == QuorumRole::Unattached);
  }

  void versionOneOfTheFileIsRead() {
    storage::MemoryStorage storage;
    write(storage,
          "{'leaderId':-1,'leaderEpoch':5,'votedId':100,'votedDirectoryId':'AAAAAAAAAAAAAAAAAAAAAA','data_version':1}");
    QCOMPARE(QuorumState::load(storage, kFile, 100, 0).value().epoch(), 5);
  }

  void aDamagedFileIsRefusedByName_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("half") << QByteArray("{'leaderId':100,'leaderEp");
    QTest::newRow("list") << QByteArray("[1]");
    QTest::newRow("no version") << QByteArray("{'leaderId':100,'leaderEpoch':3,'votedId':-1}");
    QTest::newRow("later version") << QByteArray("{'leaderId':1,'leaderEpoch':3,'votedId':-1,'data_version':2}");
    QTest::newRow("text epoch") << QByteArray("{'leaderId':1,'leaderEpoch':'3','votedId':-1,'data_version':0}");
    QTest::newRow("negative epoch") << QByteArray("{'leaderId':1,'leaderEpoch':-3,'votedId':-1,'data_version':0}");
  }
  void aDamagedFileIsRefusedByName() {
    QFETCH(QByteArray, text);
    storage::MemoryStorage storage;
    write(storage, text.toStdString());
    const auto state = QuorumState::load(storage, kFile, 100, 0);
    QVERIFY(!state.has_value());
    QVERIFY(state.error().code == base::ErrorCode::KAFKA_STORAGE_ERROR);
    QVERIFY(state.error().message.find(kFile) != std::string::npos);
  }

  void anEpochThatCannotBeWrittenIsNotEntered() {
    storage::MemoryStorage memory;
    storage::FaultyStorage storage(memory);
    QuorumState state = QuorumState::load(storage, kFile, 100, 4).value();
    storage.setSyncFails(true);
    QVERIFY(state.transitionToCandidate().error().code == base::ErrorCode::KAFKA_STORAGE_ERROR);
    QCOMPARE(state.epoch(), 4);
    QVERIFY(state.role() == QuorumRole::Unattached);
    storage.setSyncFails(false);
    QVERIFY(state.transitionToCandidate().has_value());
    QCOMPARE(state.epoch(), 5);
  }
};

STREAMSCOPE_TEST(QuorumStateTest);
#include "quorum_state_test.moc"
