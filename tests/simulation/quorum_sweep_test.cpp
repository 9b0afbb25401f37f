#include <QTest>
#include <set>

#include "base/random.h"
#include "log/record_batch.h"
#include "quorum_world.h"
#include "support/test_registry.h"

using namespace streamscope;
using controller::ControllerNode;
using controller::QuorumWorld;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr int kSeeds = 200;
constexpr base::Duration kFaultsFor = seconds(30);

/// The metadata log of a controller as text up to an offset: "offset/epoch/crc" of each batch.
std::vector<std::string> batchesBelow(const log::PartitionLog& log, base::Offset end) {
  std::vector<std::string> batches;
  for (base::Offset next = log.logStartOffset(); next < end;) {
    const auto read = log.read(next, end, 1 << 20, /*atLeastOneBatch=*/true);
    if (!read || read->records.empty()) break;
    for (size_t position = 0; position < read->records.size();) {
      const log::BatchScan scan = log::scanBatch(read->records.view().subspan(position), /*checkCrc=*/true);
      if (scan.end != log::BatchEnd::Complete) return batches;
      batches.push_back(std::to_string(scan.header.baseOffset) + "/" +
                        std::to_string(scan.header.partitionLeaderEpoch) + "/" + std::to_string(scan.header.crc));
      next = scan.header.nextOffset();
      position += scan.header.sizeInBytes;
    }
  }
  return batches;
}

/// One seed: controllers that die, lose power and are cut off while brokers register.
class Sweep {
 public:
  explicit Sweep(uint64_t seed)
      : m_random(seed),
        m_controllers(m_random.chance(1, 2) ? 3 : 5),
        m_lab(
            m_controllers, seed, [this](controller::ControllerConfig& config) { configure(config); },
            milliseconds(m_random.between(0, 40))) {}

  /// What was broken; empty when all held.
  std::string run() {
    m_lab.startAll();
    const base::VirtualTime end = m_lab.world().now() + kFaultsFor;
    while (m_lab.world().now() < end) {
      m_lab.pass(milliseconds(m_random.between(20, 1500)));
      fault();
      registerSomebody();
      if (std::string broken = checkEpochs() + checkLogs(); !broken.empty()) return broken;
    }
    m_lab.healAll();
    m_lab.startAll();
    const bool isWhole = m_lab.runUntil(
        [this] { return m_lab.active() && m_lab.registerBroker(*m_lab.active(), 999, seconds(2)) == int16_t{0}; },
        seconds(60));
    if (!isWhole) return "nobody leads the healed quorum";
    if (!m_lab.runUntil([this] { return m_lab.doImagesAgree(); }, seconds(30))) return "the images do not agree";
    for (const int32_t broker : m_acknowledged)
      if (m_lab.controller(m_lab.ids().front()).image().findBroker(broker) == nullptr)
        return "broker " + std::to_string(broker) + " was registered and is unknown now";
    return checkEpochs() + checkLogs();
  }
  size_t acknowledged() const { return m_acknowledged.size(); }
  size_t elections() { return m_lab.told<world::ControllerElected>().size(); }
  size_t snapshotsFetched() { return m_lab.told<world::MetadataSnapshotFetched>().size(); }

 private:
  /// Every other quorum makes snapshots all the time and keeps little behind them.
  void configure(controller::ControllerConfig& config) const {
    // Short timeouts make elections collide.
    config.quorumElectionTimeout = m_electionTimeout;
    if (m_controllers == 3) return;
    config.metadataLogMaxRecordBytesBetweenSnapshots = 600;
    config.metadataMaxRetentionBytes = 1500;
    config.metadataLogSegmentBytes = 800;
  }
  int32_t anyone() { return 100 + static_cast<int32_t>(m_random.below(static_cast<uint64_t>(m_controllers))); }

  void fault() {
    const int32_t id = anyone();
    const int32_t other = anyone();
    switch (m_random.below(12)) {
      case 0:
        if (m_lab.isUp(id)) m_lab.kill(id);
        break;
      case 1:
        if (m_lab.isUp(id)) m_lab.losePower(id);
        break;
      case 2:
        if (const auto active = m_lab.active()) m_lab.losePower(*active);
        break;
      case 3:
      case 4:
      case 5:
        m_lab.startAll();
        break;
      case 6:
        if (id != other) m_lab.cut(id, other);
        break;
      case 7:
        // One direction only.
        m_lab.world().cutLink(world::controllerAddress(id), world::controllerAddress(other));
        break;
      case 8:
        m_lab.isolate(id);
        break;
      case 9:
      case 10:
        ambushVoter();
        break;
      default:
        m_lab.healAll();
        break;
    }
  }

  /// Power fails right after a vote was given, and comes back at once: the vote must not be given twice.
  void ambushVoter() {
    if (const auto active = m_lab.active()) m_lab.kill(*active);
    size_t seen = m_lab.events().size();
    std::optional<int32_t> voter;
    m_lab.runUntil(
        [&] {
          for (; seen < m_lab.events().size(); ++seen) {
            const auto* vote = std::get_if<world::QuorumVoteAnswered>(&m_lab.events()[seen].payload);
            if (vote != nullptr && vote->isGranted && !vote->isPreVote) voter = vote->voter.id;
          }
          return voter.has_value();
        },
        seconds(5));
    if (!voter) return;
    m_lab.losePower(*voter);
    m_lab.start(*voter);
  }

  void registerSomebody() {
    const std::optional<int32_t> active = m_lab.active();
    if (!active) return;
    const int32_t broker = ++m_lastBroker;
    m_lab.client().send(*active, 4, QuorumWorld::registration(broker), [this, broker](const world::Response& response) {
      if (response.outcome != world::Response::Outcome::Received) return;
      if (std::get<protocol::BrokerRegistrationResponse>(response.body).errorCode == 0) m_acknowledged.insert(broker);
    });
  }

  std::string checkEpochs() {
    std::map<int32_t, world::Address> leaders;
    for (const auto& change : m_lab.told<world::QuorumRoleChanged>()) {
      if (change.to != "Leader") continue;
      const auto [leader, isNew] = leaders.emplace(change.epoch, change.node);
      if (!isNew && leader->second != change.node)
        return leader->second.toString() + " and " + change.node.toString() + " both lead epoch " +
               std::to_string(change.epoch);
    }
    return {};
  }

  /// Committed records are the same everywhere.
  std::string checkLogs() {
    const ControllerNode* reference = nullptr;
    for (const int32_t id : m_lab.ids()) {
      if (!m_lab.isUp(id) || m_lab.controller(id).metadataLog() == nullptr) continue;
      const ControllerNode& node = m_lab.controller(id);
      if (reference == nullptr || node.highWatermark() > reference->highWatermark()) reference = &node;
    }
    if (reference == nullptr) return {};
    const auto wanted = batchesBelow(*reference->metadataLog(), reference->highWatermark());
    const std::set<std::string> known(wanted.begin(), wanted.end());
    for (const int32_t id : m_lab.ids()) {
      if (!m_lab.isUp(id) || m_lab.controller(id).metadataLog() == nullptr) continue;
      const ControllerNode& node = m_lab.controller(id);
      for (const std::string& batch : batchesBelow(*node.metadataLog(), node.highWatermark())) {
        const bool isBehindStart = std::stoll(batch) < reference->logStartOffset();
        if (!isBehindStart && !known.contains(batch))
          return "controller " + std::to_string(id) + " has committed " + batch + " and another has not";
      }
    }
    return {};
  }

  base::Random m_random;
  const int32_t m_controllers;
  const base::Duration m_electionTimeout = milliseconds(m_random.between(50, 1000));
  QuorumWorld m_lab;
  int32_t m_lastBroker = 0;
  std::set<int32_t> m_acknowledged;
};

}  // namespace

/// Elections under fire: whatever dies, one leader for an epoch, and what was acknowledged stays.
class QuorumSweepTest : public QObject {
  Q_OBJECT
 private slots:
  void promisesHold() {
    size_t acknowledged = 0, elections = 0, snapshotsFetched = 0;
    for (int seed = 1; seed <= kSeeds; ++seed) {
      Sweep sweep(static_cast<uint64_t>(seed));
      const std::string broken = sweep.run();
      QVERIFY2(broken.empty(), ("seed " + std::to_string(seed) + ": " + broken).c_str());
      acknowledged += sweep.acknowledged();
      elections += sweep.elections();
      snapshotsFetched += sweep.snapshotsFetched();
    }
    QVERIFY2(acknowledged > 5 * kSeeds, std::to_string(acknowledged).c_str());
    QVERIFY2(elections > 3 * kSeeds, std::to_string(elections).c_str());
    QVERIFY2(snapshotsFetched > 0, "no follower was ever so far behind that it needed a snapshot");
  }
};

STREAMSCOPE_TEST(QuorumSweepTest);
#include "quorum_sweep_test.moc"
