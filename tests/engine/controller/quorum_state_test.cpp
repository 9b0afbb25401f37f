#include "quorum_state.h"

#include <QTest>
#include <algorithm>
#include <functional>

#include "manual_clock.h"
#include "storage/faulty_storage.h"
#include "support/crashable_memory.h"
#include "support/test_registry.h"

using namespace streamscope;
using controller::QuorumRole;
using controller::QuorumState;
using controller::VoteCandidate;

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

/// Voter 1 of the given quorum on a disk of its own.
class Voter {
 public:
  explicit Voter(std::vector<int32_t> voters = {1, 2, 3}) { m_options.voters = std::move(voters); }

  base::Result<QuorumState> load(int32_t lastLogEpoch = 0) {
    m_options.local = {1, m_directory};
    return QuorumState::load(m_faulty, kFile, m_options, lastLogEpoch, m_clock, base::Random(7));
  }
  QuorumState loaded(int32_t lastLogEpoch = 0) { return load(lastLogEpoch).value(); }
  storage::Storage& disk() { return m_memory; }

  test::CrashableMemory m_memory;
  storage::FaultyStorage m_faulty{m_memory};
  controller::ManualClock m_clock;
  QuorumState::Options m_options;
  base::Uuid m_directory{0xf5166d68212a4cee, 0x826baa2cf8d35451};
};

/// Brings a voter of {1, 2, 3} into a role, in epoch 5.
QuorumState inRole(Voter& voter, QuorumRole role) {
  write(voter.disk(),
        "{'leaderId':-1,'leaderEpoch':" +
            std::string(role == QuorumRole::Candidate || role == QuorumRole::Leader || role == QuorumRole::Resigned
                            ? "4"
                            : "5") +
            ",'votedId':-1,'data_version':0}");
  QuorumState state = voter.loaded();
  switch (role) {
    case QuorumRole::Unattached:
      return state;
    case QuorumRole::Follower:
      static_cast<void>(state.transitionToFollower(5, 2));
      return state;
    case QuorumRole::Prospective:
      state.transitionToProspective();
      return state;
    default:
      break;
  }
  state.transitionToProspective();
  static_cast<void>(state.transitionToCandidate());
  if (role == QuorumRole::Candidate) return state;
  state.as<controller::CandidateState>()->election().record(2, true);
  static_cast<void>(state.transitionToLeader(10));
  if (role == QuorumRole::Resigned) state.transitionToResigned({3, 2});
  return state;
}

VoteCandidate candidate(bool isLogUpToDate, bool isPreVote, int32_t id = 2) {
  return {{id, {}}, isLogUpToDate, isPreVote};
}

}  // namespace

class QuorumStateTest : public QObject {
  Q_OBJECT
 private slots:
  void onlyTheTablesTransitionsAreAllowed() {
    const std::vector<QuorumRole> roles{QuorumRole::Unattached, QuorumRole::Prospective, QuorumRole::Candidate,
                                        QuorumRole::Leader,     QuorumRole::Follower,    QuorumRole::Resigned};
    std::string allowed;
    for (const QuorumRole from : roles) {
      allowed += std::string(quorumRoleName(from)) + ":";
      for (const QuorumRole to : roles)
        if (controller::isAllowedTransition(from, to)) allowed += " " + std::string(quorumRoleName(to));
      allowed += "\n";
    }
    QCOMPARE(allowed, std::string("Unattached: Unattached Prospective Follower\n"
                                  "Prospective: Unattached Prospective Candidate Follower\n"
                                  "Candidate: Unattached Prospective Leader Follower\n"
                                  "Leader: Unattached Follower Resigned\n"
                                  "Follower: Unattached Prospective Follower\n"
                                  "Resigned: Unattached Prospective Follower\n"));
  }

  // Each row: the role before, what happens, role, epoch, leader and vote after, and the file.
  void transitionsKeepWhatMustNotBeForgotten_data() {
    QTest::addColumn<int>("from");
    QTest::addColumn<QString>("event");
    QTest::addColumn<QString>("after");
    const auto row = [](QuorumRole from, const char* event, const char* after) {
      QTest::newRow(qPrintable(QString("%1, %2").arg(quorumRoleName(from).data()).arg(event)))
          << static_cast<int>(from) << QString(event) << QString(after);
    };
    using enum QuorumRole;
    row(Unattached, "higher epoch", "Unattached 7 leader - voted - | file 7 -1 -1");
    row(Unattached, "vote", "Unattached 5 leader - voted 2 | file 5 -1 2");
    row(Unattached, "leader", "Follower 5 leader 3 voted - | file 5 3 -1");
    row(Unattached, "vote, then leader", "Follower 5 leader 3 voted 2 | file 5 3 2");
    row(Unattached, "timeout", "Prospective 5 leader - voted - | file 5 -1 -1");
    row(Unattached, "vote, then timeout", "Prospective 5 leader - voted 2 | file 5 -1 2");
    row(Prospective, "vote", "Prospective 5 leader - voted 2 | file 5 -1 2");
    row(Prospective, "pre-votes lost", "Unattached 5 leader - voted - | file 5 -1 -1");
    row(Prospective, "pre-votes won", "Candidate 6 leader - voted 1 | file 6 -1 1");
    row(Prospective, "higher epoch", "Unattached 7 leader - voted - | file 7 -1 -1");
    row(Candidate, "higher epoch", "Unattached 7 leader - voted - | file 7 -1 -1");
    row(Candidate, "leader", "Follower 5 leader 3 voted 1 | file 5 3 1");
    row(Candidate, "timeout", "Prospective 5 leader - voted 1 | file 5 -1 1");
    row(Candidate, "elected", "Leader 5 leader 1 voted - | file 5 1 -1");
    row(Leader, "resign", "Resigned 5 leader - voted - | file 5 1 -1");
    row(Leader, "higher epoch", "Unattached 7 leader - voted - | file 7 -1 -1");
    row(Leader, "higher leader", "Follower 7 leader 3 voted - | file 7 3 -1");
    row(Follower, "timeout", "Prospective 5 leader 2 voted - | file 5 2 -1");
    row(Follower, "higher leader", "Follower 7 leader 3 voted - | file 7 3 -1");
    row(Follower, "higher epoch", "Unattached 7 leader - voted - | file 7 -1 -1");
    row(Resigned, "higher epoch", "Unattached 7 leader - voted - | file 7 -1 -1");
    row(Resigned, "higher leader", "Follower 7 leader 3 voted - | file 7 3 -1");
  }
  void transitionsKeepWhatMustNotBeForgotten() {
    QFETCH(int, from);
    QFETCH(QString, event);
    QFETCH(QString, after);
    Voter voter;
    QuorumState state = inRole(voter, static_cast<QuorumRole>(from));
    for (const QString& step : event.split(", then ")) {
      if (step == "higher epoch") QVERIFY(state.transitionToUnattached(7, std::nullopt).has_value());
      if (step == "higher leader") QVERIFY(state.transitionToFollower(7, 3).has_value());
      if (step == "vote") QVERIFY(state.giveVote({2, {}}).has_value());
      if (step == "leader") QVERIFY(state.transitionToFollower(5, 3).has_value());
      if (step == "timeout") state.transitionToProspective();
      if (step == "pre-votes lost") QVERIFY(state.transitionToUnattached(5, std::nullopt).has_value());
      if (step == "pre-votes won") QVERIFY(state.transitionToCandidate().has_value());
      if (step == "resign") state.transitionToResigned({2, 3});
      if (step == "elected") {
        state.as<controller::CandidateState>()->election().record(3, true);
        QVERIFY(state.transitionToLeader(10).has_value());
      }
    }
    const auto text = [](const auto& id) { return id ? std::to_string(*id) : std::string("-"); };
    const auto voted = state.votedKey() ? std::optional(state.votedKey()->id) : std::nullopt;
    const auto file = controller::parseQuorumState(voter.disk().readFile(kFile).value(), kFile).value();
    const std::string now = std::string(quorumRoleName(state.role())) + " " + std::to_string(state.epoch()) +
                            " leader " + text(state.leaderId()) + " voted " + text(voted) + " | file " +
                            std::to_string(file.leaderEpoch) + " " + std::to_string(file.leaderId.value_or(-1)) + " " +
                            std::to_string(file.votedId.value_or(-1));
    QCOMPARE(now, after.toStdString());
  }

  // Kafka's canGrantVote of each state; "b": the log is behind.
  void whoGrantsWhat_data() {
    QTest::addColumn<int>("role");
    QTest::addColumn<QString>("granted");
    const auto row = [](QuorumRole role, const char* granted) {
      QTest::newRow(quorumRoleName(role).data()) << static_cast<int>(role) << QString(granted);
    };
    row(QuorumRole::Unattached, "vote pre-vote");
    row(QuorumRole::Prospective, "vote pre-vote");
    row(QuorumRole::Candidate, "pre-vote");
    row(QuorumRole::Leader, "");
    row(QuorumRole::Follower, "pre-vote");
    row(QuorumRole::Resigned, "pre-vote");
  }
  void whoGrantsWhat() {
    QFETCH(int, role);
    QFETCH(QString, granted);
    Voter voter;
    QuorumState state = inRole(voter, static_cast<QuorumRole>(role));
    QStringList now;
    if (state.canGrantVote(candidate(true, false)).isGranted) now += "vote";
    if (state.canGrantVote(candidate(true, true)).isGranted) now += "pre-vote";
    if (state.canGrantVote(candidate(false, false)).isGranted) now += "vote(b)";
    if (state.canGrantVote(candidate(false, true)).isGranted) now += "pre-vote(b)";
    QCOMPARE(now.join(' '), granted);
    QVERIFY(!state.canGrantVote(candidate(false, true)).reason.empty());
  }

  void aFollowerThatFetchesRefusesPreVotes() {
    Voter voter;
    QuorumState state = inRole(voter, QuorumRole::Follower);
    state.as<controller::FollowerState>()->onSuccessfulFetch(state.nextFetchDeadline());
    QVERIFY(!state.canGrantVote(candidate(true, true)).isGranted);
  }

  void aVoteIsForOneCandidateOnly() {
    Voter voter;
    QuorumState state = inRole(voter, QuorumRole::Unattached);
    QVERIFY(state.giveVote({2, {}}).has_value());
    QVERIFY(state.canGrantVote(candidate(true, false, 2)).isGranted);
    QVERIFY(!state.canGrantVote(candidate(true, false, 3)).isGranted);
    QVERIFY(state.canGrantVote(candidate(true, true, 3)).isGranted);
    // Another process, the power gone in between.
    voter.m_memory.crash();
    const QuorumState again = voter.loaded();
    QVERIFY(again.canGrantVote(candidate(true, false, 2)).isGranted);
    QVERIFY(!again.canGrantVote(candidate(true, false, 3)).isGranted);
  }

  void restartsRememberTheRole_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("role");
    QTest::newRow("led") << "{'leaderId':1,'leaderEpoch':5,'votedId':-1,'data_version':0}"
                         << "Resigned";
    QTest::newRow("candidate") << "{'leaderId':-1,'leaderEpoch':5,'votedId':1,'data_version':0}"
                               << "Candidate";
    QTest::newRow("followed") << "{'leaderId':2,'leaderEpoch':5,'votedId':-1,'data_version':0}"
                              << "Follower";
    QTest::newRow("voted") << "{'leaderId':-1,'leaderEpoch':5,'votedId':3,'data_version':0}"
                           << "Unattached";
    QTest::newRow("a leader that is no voter") << "{'leaderId':9,'leaderEpoch':5,'votedId':-1,'data_version':0}"
                                               << "Unattached";
  }
  void restartsRememberTheRole() {
    QFETCH(QString, file);
    QFETCH(QString, role);
    Voter voter;
    write(voter.disk(), file.toStdString());
    const QuorumState state = voter.loaded();
    QCOMPARE(std::string(quorumRoleName(state.role())), role.toStdString());
    QCOMPARE(state.epoch(), 5);
  }

  void kraftVersionOneWritesTheOtherForm() {
    Voter voter({1});
    voter.m_options.kraftVersion = 1;
    QuorumState state = voter.loaded();
    state.transitionToProspective();
    QVERIFY(state.transitionToCandidate().has_value());
    QCOMPARE(textOf(voter.disk()), json("{'leaderId':-1,'leaderEpoch':1,'votedId':1,'votedDirectoryId':'" +
                                        voter.m_directory.toString() + "','data_version':1}"));
    QVERIFY(state.transitionToLeader(0).has_value());
    // As Kafka 4.3.1 wrote it.
    QCOMPARE(textOf(voter.disk()), json("{'leaderId':1,'leaderEpoch':1,'votedId':-1,'votedDirectoryId':'"
                                        "AAAAAAAAAAAAAAAAAAAAAA','data_version':1}"));
    QCOMPARE(voter.loaded().epoch(), 1);
  }

  void theOnlyVoterElectsItself() {
    Voter voter({1});
    QuorumState state = voter.loaded();
    QVERIFY(state.role() == QuorumRole::Unattached);
    QCOMPARE(state.epoch(), 0);
    state.transitionToProspective();
    QVERIFY(state.as<controller::ProspectiveState>()->election().isVoteGranted());
    QVERIFY(state.transitionToCandidate().has_value());
    QCOMPARE(textOf(voter.disk()), json("{'clusterId':'','leaderId':-1,'leaderEpoch':1,'votedId':1,'appliedOffset':0,'"
                                        "currentVoters':[{'voterId':1}],'data_version':0}"));
    QVERIFY(state.transitionToLeader(0).has_value());
    QCOMPARE(textOf(voter.disk()), json("{'clusterId':'','leaderId':1,'leaderEpoch':1,'votedId':-1,'appliedOffset':0,'"
                                        "currentVoters':[{'voterId':1}],'data_version':0}"));
  }

  void anEpochIsNeverLedTwice() {
    Voter voter({1});
    QuorumState first = voter.loaded();
    first.transitionToProspective();
    QVERIFY(first.transitionToCandidate().has_value());
    QVERIFY(first.transitionToLeader(0).has_value());
    voter.m_memory.crash();
    QuorumState second = voter.loaded();
    QVERIFY(second.role() == QuorumRole::Resigned);
    second.transitionToProspective();
    QVERIFY(second.transitionToCandidate().has_value());
    QCOMPARE(second.epoch(), 2);
  }

  void theLogsEpochCountsWhenItIsLarger() {
    Voter voter;
    write(voter.disk(), "{'leaderId':1,'leaderEpoch':3,'votedId':-1,'data_version':0}");
    QCOMPARE(voter.loaded(2).epoch(), 3);
    const QuorumState ahead = voter.loaded(7);
    QCOMPARE(ahead.epoch(), 7);
    QVERIFY(ahead.role() == QuorumRole::Unattached);
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
    Voter voter;
    write(voter.disk(), text.toStdString());
    const auto state = voter.load();
    QVERIFY(!state.has_value());
    QVERIFY(state.error().code == base::ErrorCode::KAFKA_STORAGE_ERROR);
    QVERIFY(state.error().message.find(kFile) != std::string::npos);
  }

  void whatCannotBeWrittenDoesNotHappen() {
    Voter voter;
    QuorumState state = inRole(voter, QuorumRole::Prospective);
    voter.m_faulty.setSyncFails(true);
    QVERIFY(state.transitionToCandidate().error().code == base::ErrorCode::KAFKA_STORAGE_ERROR);
    QVERIFY(!state.giveVote({2, {}}).has_value());
    QCOMPARE(state.epoch(), 5);
    QVERIFY(!state.votedKey());
    QVERIFY(state.role() == QuorumRole::Prospective);
    voter.m_faulty.setSyncFails(false);
    QVERIFY(state.transitionToCandidate().has_value());
    QCOMPARE(state.epoch(), 6);
  }
};

STREAMSCOPE_TEST(QuorumStateTest);
#include "quorum_state_test.moc"
