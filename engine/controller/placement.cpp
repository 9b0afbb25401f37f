#include "placement.h"

#include <algorithm>
#include <utility>

namespace streamscope::controller {

namespace {

/// Fisher and Yates, with the world's generator: std::shuffle differs between standard libraries.
template <class T>
void shuffleInPlace(std::vector<T>& items, base::Random& random) {
  for (size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[random.below(i)]);
}

}  // namespace

void StripedReplicaPlacer::BrokerList::initialize(base::Random& random) {
  if (m_brokers.empty()) return;
  std::sort(m_brokers.begin(), m_brokers.end());
  m_offset = random.below(m_brokers.size());
}

void StripedReplicaPlacer::BrokerList::shuffle(base::Random& random) {
  shuffleInPlace(m_brokers, random);
}

std::optional<base::BrokerId> StripedReplicaPlacer::BrokerList::next(int32_t epoch) {
  if (m_brokers.empty()) return std::nullopt;
  if (m_epoch != epoch) {
    m_epoch = epoch;
    m_index = 0;
    m_offset = (m_offset + 1) % m_brokers.size();
  }
  if (m_index >= m_brokers.size()) return std::nullopt;
  return m_brokers[(m_index++ + m_offset) % m_brokers.size()];
}

std::optional<base::BrokerId> StripedReplicaPlacer::Rack::next(int32_t epoch) {
  if (const auto broker = unfenced.next(epoch)) return broker;
  return fenced.next(epoch);
}

StripedReplicaPlacer::StripedReplicaPlacer(std::vector<UsableBroker> brokers, base::Random& random) : m_random(random) {
  std::map<std::optional<std::string>, Rack> racks;
  for (const UsableBroker& broker : brokers) {
    Rack& rack = racks[broker.rack];
    (broker.fenced ? rack.fenced : rack.unfenced).add(broker.id);
    ++m_brokerCount;
    if (!broker.fenced) ++m_unfencedCount;
  }
  for (auto& [name, rack] : racks) {
    rack.fenced.initialize(random);
    rack.unfenced.initialize(random);
    m_racks.push_back(std::move(rack));
  }
  m_rackOffset = m_racks.empty() ? 0 : random.below(m_racks.size());
}

void StripedReplicaPlacer::resetOffsets() {
  m_rackOffset = 0;
  for (Rack& rack : m_racks) {
    rack.unfenced.resetOffset();
    rack.fenced.resetOffset();
  }
}

base::Status StripedReplicaPlacer::check(int32_t replicationFactor) const {
  const auto refuse = [](std::string message) {
    return base::fail(base::ErrorCode::INVALID_REPLICATION_FACTOR, std::move(message));
  };
  if (replicationFactor <= 0) {
    return refuse("Invalid replication factor " + std::to_string(replicationFactor) +
                  ": the replication factor must be positive.");
  }
  if (m_unfencedCount == 0) return refuse("All brokers are currently fenced.");
  if (replicationFactor > m_brokerCount) {
    return refuse("The target replication factor of " + std::to_string(replicationFactor) +
                  " cannot be reached because only " + std::to_string(m_brokerCount) + " broker(s) are registered.");
  }
  return {};
}

void StripedReplicaPlacer::shuffle() {
  shuffleInPlace(m_racks, m_random);
  for (Rack& rack : m_racks) {
    rack.fenced.shuffle(m_random);
    rack.unfenced.shuffle(m_random);
  }
}

base::Result<std::vector<base::BrokerId>> StripedReplicaPlacer::place(int32_t replicationFactor) {
  if (const base::Status checked = check(replicationFactor); !checked) return base::fail(checked.error());

  // As many partitions placed as there are unfenced brokers: the stripes would repeat.
  if (m_placedSinceShuffle == m_unfencedCount && m_unfencedCount > 1) {
    shuffle();
    m_placedSinceShuffle = 0;
  }
  if (m_rackOffset == m_racks.size()) m_rackOffset = 0;

  std::vector<base::BrokerId> replicas;
  // The preferred leader must be unfenced; check() has seen that some rack has such a broker.
  size_t leaderRack = m_rackOffset;
  while (replicas.empty()) {
    if (const auto broker = m_racks[leaderRack].unfenced.next(m_epoch))
      replicas.push_back(*broker);
    else
      leaderRack = (leaderRack + 1) % m_racks.size();
  }

  bool leaderRackToSkip = true;
  size_t rack = m_rackOffset;
  while (replicas.size() < static_cast<size_t>(replicationFactor)) {
    if (rack == leaderRack && leaderRackToSkip)
      leaderRackToSkip = false;
    else if (const auto broker = m_racks[rack].next(m_epoch))
      replicas.push_back(*broker);
    rack = (rack + 1) % m_racks.size();
  }

  ++m_epoch;
  ++m_placedSinceShuffle;
  ++m_rackOffset;
  return replicas;
}

}  // namespace streamscope::controller
