// What can be done to links, machines and disks.

#include <algorithm>
#include <utility>

#include "command_executor.h"
#include "fault_command_reader.h"
#include "protocol/api_versions.h"
#include "protocol/error_answer.h"

namespace streamscope::lab {

using NodeState = world::World::NodeState;

namespace {

base::Status refuse(std::string sentence) {
  return base::fail(base::ErrorCode::INVALID_REQUEST, std::move(sentence));
}

std::string linkText(world::Address a, world::Address b, bool bothDirections) {
  return bothDirections ? "The link between " + a.toString() + " and " + b.toString()
                        : "The link from " + a.toString() + " to " + b.toString();
}

}  // namespace

base::Status CommandExecutor::checkNode(world::Address node) const {
  if (node.kind == world::NodeKind::Broker) return checkBroker(node.id);
  return checkController(node.id);
}

base::Status CommandExecutor::checkLink(world::Address a, world::Address b) const {
  for (const world::Address end : {a, b})
    if (base::Status known = checkNode(end); !known) return known;
  if (a == b) return refuse("A link needs two different nodes; both are " + a.toString() + ".");
  return {};
}

// Links.

base::Status CommandExecutor::carryOut(const CutLink& command) {
  if (base::Status known = checkLink(command.a, command.b); !known) return known;
  world::World& world = m_cluster.world();
  if (world.isLinkCut(command.a, command.b) && (!command.bothDirections || world.isLinkCut(command.b, command.a)))
    return refuse(linkText(command.a, command.b, command.bothDirections) + " is cut already.");
  world.cutLink(command.a, command.b);
  if (command.bothDirections) world.cutLink(command.b, command.a);
  return {};
}

base::Status CommandExecutor::carryOut(const SetLink& command) {
  if (base::Status known = checkLink(command.from, command.to); !known) return known;
  world::World& world = m_cluster.world();
  const world::LinkConditions normal = world.normalLinkConditions();
  const world::LinkConditions wanted{command.latency.value_or(normal.latency), command.jitter.value_or(normal.jitter),
                                     command.lossPerMille, command.duplicatePerMille, command.bytesPerSecond};
  const bool isSo = world.linkConditions(command.from, command.to) == wanted &&
                    (!command.bothDirections || world.linkConditions(command.to, command.from) == wanted);
  if (isSo) return refuse(linkText(command.from, command.to, command.bothDirections) + " is like that already.");
  world.setLinkConditions(command.from, command.to, wanted);
  if (command.bothDirections) world.setLinkConditions(command.to, command.from, wanted);
  return {};
}

base::Status CommandExecutor::carryOut(const HealLink& command) {
  if (base::Status known = checkLink(command.a, command.b); !known) return known;
  world::World& world = m_cluster.world();
  const world::LinkConditions normal = world.normalLinkConditions();
  const std::pair<world::Address, world::Address> directions[] = {{command.a, command.b}, {command.b, command.a}};
  const bool isWell = std::all_of(std::begin(directions), std::end(directions), [&](const auto& way) {
    return !world.isLinkCut(way.first, way.second) && world.linkConditions(way.first, way.second) == normal;
  });
  if (isWell)
    return refuse(linkText(command.a, command.b, true) +
                  " is neither cut nor otherwise changed; there is nothing to heal.");
  for (const auto& [from, to] : directions) {
    world.healLink(from, to);
    world.setLinkConditions(from, to, normal);
  }
  return {};
}

// Machines and disks.

base::Status CommandExecutor::carryOut(const CutPower& command) {
  std::vector<world::Address> nodes = command.nodes;
  if (command.leaderOf) {
    const base::Result<base::BrokerId> leader = resolve(0, command.leaderOf);
    if (!leader) return base::fail(leader.error());
    nodes = {world::brokerAddress(*leader)};
  }
  for (const world::Address node : nodes)
    if (base::Status known = checkNode(node); !known) return known;
  std::sort(nodes.begin(), nodes.end());
  if (std::adjacent_find(nodes.begin(), nodes.end()) != nodes.end())
    return refuse("A node is named twice; name each machine that loses power once.");
  world::World& world = m_cluster.world();
  for (const world::Address node : nodes) {
    if (world.nodeState(node) == NodeState::Down) continue;
    if (node.kind == world::NodeKind::Broker) m_beforeBrokerEnds(node.id);
    world.losePower(node);
  }
  for (const world::Address node : nodes) {
    const auto loss = m_cluster.disks().losePower(node);
    if (!loss) return base::fail(storage::toError(loss.error()));
    world.trace().record(world::UnsyncedChangesLost{node, loss->names, loss->files, loss->bytes});
  }
  return {};
}

void CommandExecutor::tellDisk(world::Address node) {
  const DiskState state = m_cluster.disks().state(node);
  m_cluster.world().trace().record(world::DiskConditionsChanged{node, state.isFull, state.isFailing, state.losesSyncs,
                                                                state.operationLatency.count()});
}

base::Status CommandExecutor::carryOut(const SetDiskFull& command) {
  if (base::Status known = checkBroker(command.broker); !known) return known;
  const world::Address node = world::brokerAddress(command.broker);
  if (m_cluster.disks().state(node).isFull == command.full)
    return refuse("The disk of broker " + std::to_string(command.broker) + " is " +
                  (command.full ? "full already." : "not full."));
  m_cluster.disks().setFull(node, command.full);
  tellDisk(node);
  return {};
}

base::Status CommandExecutor::setLogDirectory(const SetDisk& command) {
  const int32_t count = command.node.kind == world::NodeKind::Broker ? m_cluster.logDirectories() : 1;
  const std::string name = command.node.toString();
  if (count == 1) return refuse(name + " has only one log directory; leave logDirectory out.");
  if (command.logDirectory > count)
    return refuse(name + " has " + std::to_string(count) + " log directories, counted from 1; there is no " +
                  std::to_string(command.logDirectory) + ".");
  if (command.losesSyncs || command.operationLatency.count() != 0 || command.operationsUntilFailure != 0)
    return refuse("One log directory can only be failing or well; leave the other faults to the whole disk.");
  const std::string directory = "logs-" + std::to_string(command.logDirectory);
  if (m_cluster.disks().isDirectoryFailing(command.node, directory) == command.failing)
    return refuse("Log directory " + directory + " of " + name + " is like that already.");
  m_cluster.disks().setDirectoryFailing(command.node, directory, command.failing);
  return {};
}

base::Status CommandExecutor::carryOut(const SetDisk& command) {
  if (base::Status known = checkNode(command.node); !known) return known;
  if (command.logDirectory != 0) return setLogDirectory(command);
  NodeDisks& disks = m_cluster.disks();
  DiskState wanted = disks.state(command.node);
  wanted.isFailing = command.failing;
  wanted.losesSyncs = command.losesSyncs;
  wanted.operationLatency = command.operationLatency;
  if (wanted == disks.state(command.node) && !command.failing)
    return refuse("The disk of " + command.node.toString() + " is like that already.");
  disks.set(command.node, wanted, static_cast<uint64_t>(command.operationsUntilFailure));
  tellDisk(command.node);
  return {};
}

base::Status CommandExecutor::carryOut(const ReplaceDisk& command) {
  if (base::Status known = checkNode(command.node); !known) return known;
  if (m_cluster.world().nodeState(command.node) != NodeState::Down)
    return refuse("The disk of " + command.node.toString() + " cannot be replaced while it runs; kill it first.");
  if (const auto replaced = m_cluster.disks().replace(command.node); !replaced)
    return base::fail(storage::toError(replaced.error()));
  m_cluster.world().trace().record(world::DiskReplaced{command.node});
  return {};
}

base::Status CommandExecutor::carryOut(const FlipBit& command) {
  if (base::Status known = checkNode(command.node); !known) return known;
  const auto flipped = m_cluster.disks().flipBit(command.node, command.partition);
  if (!flipped) return base::fail(storage::toError(flipped.error()));
  if (!*flipped)
    return refuse(command.node.toString() + " has no byte of " +
                  (command.partition ? command.partition->toString() : std::string("anything")) +
                  " on its disk; choose a replica with records.");
  m_cluster.world().trace().record(
      world::BitFlipped{command.node, (*flipped)->file, (*flipped)->position, (*flipped)->bit});
  return {};
}

base::Status CommandExecutor::carryOut(const SetClock& command) {
  world::Address node = command.node;
  if (!command.client.empty()) {
    if (!m_clients.isRunning(command.client)) return refuse("No client \"" + command.client + "\" is running.");
    node = m_clients.clients().at(command.client).address();
  } else if (base::Status known = checkNode(node); !known) {
    return known;
  }
  const world::ClockSetting wanted{command.offset, command.driftPpm};
  world::World& world = m_cluster.world();
  // A drifting clock may be set to the same offset again.
  if (wanted == world.clockSetting(node) && command.driftPpm == 0)
    return refuse("The clock of " + (command.client.empty() ? node.toString() : command.client) +
                  " is like that already.");
  world.setClock(node, wanted);
  return {};
}

// Answers.

base::Status CommandExecutor::carryOut(const InjectError& command) {
  if (base::Status known = checkNode(command.node); !known) return known;
  world::World& world = m_cluster.world();
  const protocol::ApiKey api = *apiOf(command.api);
  if (command.times == 0) {
    const auto errors = world.injectedErrors(command.node);
    if (std::none_of(errors.begin(), errors.end(), [&](const auto& error) { return error.api == api; }))
      return refuse(command.node.toString() + " has no errors left to answer " + command.api + " requests with.");
    world.forgetInjectedErrors(command.node, api);
    return {};
  }
  const bool isBroker = command.node.kind == world::NodeKind::Broker;
  if (!protocol::servedVersions(api, isBroker ? protocol::Listener::Broker : protocol::Listener::Controller))
    return refuse(command.node.toString() + " takes no " + command.api + " requests; " +
                  (isBroker ? "they go to the controller." : "they go to the brokers."));
  world::InjectedError error{api, *errorOf(command.error), command.times};
  error.delay = command.delay;
  if (command.partition) {
    if (!protocol::hasPartitionErrors(api))
      return refuse("An answer to " + command.api + " has no error for each partition; leave the partition out.");
    const auto* topic = m_cluster.image().findTopic(command.partition->topic);
    if (topic == nullptr || !topic->partitions.contains(command.partition->partition))
      return base::fail(base::ErrorCode::UNKNOWN_TOPIC_OR_PARTITION,
                        "There is no partition " + command.partition->toString() + ".");
    error.partition = protocol::PartitionReference{topic->name, topic->id, command.partition->partition};
  }
  world.injectError(command.node, error);
  return {};
}

}  // namespace streamscope::lab
