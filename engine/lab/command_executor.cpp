#include "command_executor.h"

#include <algorithm>
#include <utility>

#include "lab/command_json.h"

namespace streamscope::lab {

using base::ErrorCode;
using NodeState = world::World::NodeState;

namespace {

std::string brokerText(base::BrokerId broker) {
  return "Broker " + std::to_string(broker);
}

std::string controllerText(int32_t controller) {
  return "Controller " + std::to_string(controller);
}

base::Status refuse(std::string sentence) {
  return base::fail(ErrorCode::INVALID_REQUEST, std::move(sentence));
}

}  // namespace

CommandExecutor::CommandExecutor(LabCluster& cluster, LabClients& clients,
                                 std::function<void(base::BrokerId)> beforeBrokerEnds)
    : m_cluster(cluster), m_clients(clients), m_beforeBrokerEnds(std::move(beforeBrokerEnds)) {}

base::Status CommandExecutor::execute(const Command& command) {
  // A command made by a program obeys the same ranges as one that was read.
  if (const auto read = commandFromJson(toJson(command)); !read) return base::fail(read.error());
  return std::visit([this](const auto& given) { return carryOut(given); }, command);
}

// Topics.

base::Status CommandExecutor::carryOut(const CreateTopic& command) {
  if (m_cluster.image().findTopic(command.topic) != nullptr || m_clients.isBeingCreated(command.topic))
    return base::fail(ErrorCode::TOPIC_ALREADY_EXISTS, "There is a topic \"" + command.topic + "\" already.");
  const size_t brokers = m_cluster.brokerIds().size();
  if (static_cast<size_t>(command.replicationFactor) > brokers)
    return base::fail(ErrorCode::INVALID_REPLICATION_FACTOR,
                      "Topic \"" + command.topic + "\" cannot have " + std::to_string(command.replicationFactor) +
                          " replicas; this lab has only " + std::to_string(brokers) + " brokers.");
  m_clients.createTopic(command);
  return {};
}

base::Status CommandExecutor::carryOut(const DeleteTopic& command) {
  if (m_cluster.image().findTopic(command.topic) == nullptr)
    return base::fail(ErrorCode::UNKNOWN_TOPIC_OR_PARTITION, "There is no topic \"" + command.topic + "\".");
  m_clients.deleteTopic(command);
  return {};
}

// Clients.

base::Status CommandExecutor::checkNewClient(const std::string& name, const std::string& topic) const {
  if (m_clients.isRunning(name))
    return refuse("A client \"" + name + "\" is running already; choose another name or stop it first.");
  return checkTopic(topic);
}

base::Status CommandExecutor::checkTopic(const std::string& topic) const {
  if (m_cluster.image().findTopic(topic) == nullptr && !m_clients.isBeingCreated(topic))
    return base::fail(ErrorCode::UNKNOWN_TOPIC_OR_PARTITION,
                      "There is no topic \"" + topic + "\"; create it before a client uses it.");
  return {};
}

base::Status CommandExecutor::checkRunningClient(const std::string& name) const {
  if (!m_clients.isRunning(name)) return refuse("No client \"" + name + "\" is running.");
  return {};
}

base::Status CommandExecutor::carryOut(const StartProducer& command) {
  if (base::Status allowed = checkNewClient(command.name, command.topic); !allowed) return allowed;
  m_clients.start(command);
  return {};
}

base::Status CommandExecutor::carryOut(const StartConsumer& command) {
  if (base::Status allowed = checkNewClient(command.name, command.topic); !allowed) return allowed;
  if (const auto config = client::makeConsumerConfig(command.configs); !config)
    return refuse("Consumer \"" + command.name + "\" cannot start: " + config.error().message + ".");
  for (const std::string& topic : command.moreTopics)
    if (base::Status known = checkTopic(topic); !known) return known;
  if (const controller::TopicImage* topic = m_cluster.image().findTopic(command.topic)) {
    for (const base::PartitionId partition : command.partitions)
      if (!topic->partitions.contains(partition))
        return base::fail(ErrorCode::UNKNOWN_TOPIC_OR_PARTITION,
                          "There is no partition " + command.topic + "-" + std::to_string(partition) +
                              "; the topic has " + std::to_string(topic->partitions.size()) + ", counted from 0.");
  }
  m_clients.start(command);
  return {};
}

base::Status CommandExecutor::carryOut(const StopClient& command) {
  if (base::Status running = checkRunningClient(command.name); !running) return running;
  if (m_clients.isPaused(command.name))
    return refuse("Client \"" + command.name + "\" is paused and cannot stop; resume it first, or kill it.");
  m_clients.stop(command.name);
  return {};
}

base::Status CommandExecutor::carryOut(const KillClient& command) {
  if (base::Status running = checkRunningClient(command.name); !running) return running;
  m_clients.kill(command.name);
  return {};
}

base::Status CommandExecutor::carryOut(const PauseClient& command) {
  if (base::Status running = checkRunningClient(command.name); !running) return running;
  if (m_clients.isPaused(command.name)) return refuse("Client \"" + command.name + "\" is paused already.");
  if (!m_clients.isStarted(command.name))
    return refuse("Client \"" + command.name + "\" waits for its topic and cannot be paused yet.");
  m_clients.pause(command.name);
  return {};
}

base::Status CommandExecutor::carryOut(const ResumeClient& command) {
  if (base::Status running = checkRunningClient(command.name); !running) return running;
  if (!m_clients.isPaused(command.name)) return refuse("Client \"" + command.name + "\" is not paused.");
  m_clients.resume(command.name);
  return {};
}

// Brokers.

base::Status CommandExecutor::checkBroker(base::BrokerId broker) const {
  const std::vector<base::BrokerId> ids = m_cluster.brokerIds();
  if (std::find(ids.begin(), ids.end(), broker) != ids.end()) return {};
  return base::fail(ErrorCode::BROKER_ID_NOT_REGISTERED, "There is no broker " + std::to_string(broker) +
                                                             "; this lab has 1 to " + std::to_string(ids.back()) + ".");
}

base::Result<base::BrokerId> CommandExecutor::resolve(base::BrokerId broker,
                                                      const std::optional<base::TopicPartition>& leaderOf) const {
  if (!leaderOf) {
    if (const base::Status known = checkBroker(broker); !known) return base::fail(known.error());
    return broker;
  }
  const auto* partition = m_cluster.image().findPartition(leaderOf->topic, leaderOf->partition);
  if (partition == nullptr)
    return base::fail(ErrorCode::UNKNOWN_TOPIC_OR_PARTITION, "There is no partition " + leaderOf->toString() + ".");
  if (partition->leader == base::kNoBroker)
    return base::fail(ErrorCode::LEADER_NOT_AVAILABLE, "Partition " + leaderOf->toString() + " has no leader now.");
  return partition->leader;
}

base::Status CommandExecutor::carryOut(const KillBroker& command) {
  const base::Result<base::BrokerId> broker = resolve(command.broker, command.leaderOf);
  if (!broker) return base::fail(broker.error());
  if (m_cluster.isDown(*broker)) return refuse(brokerText(*broker) + " is down already.");
  m_beforeBrokerEnds(*broker);
  m_cluster.world().killNode(world::brokerAddress(*broker));
  return {};
}

base::Status CommandExecutor::carryOut(const StopBroker& command) {
  const base::Result<base::BrokerId> broker = resolve(command.broker, command.leaderOf);
  if (!broker) return base::fail(broker.error());
  if (m_cluster.isDown(*broker)) return refuse(brokerText(*broker) + " is down already.");
  const NodeState state = m_cluster.brokerState(*broker);
  if (state == NodeState::Stopping) return refuse(brokerText(*broker) + " is shutting down already.");
  if (state == NodeState::Paused)
    return refuse(brokerText(*broker) + " is paused and cannot shut down; resume it first, or kill it.");
  m_beforeBrokerEnds(*broker);
  m_cluster.world().stopNode(world::brokerAddress(*broker), nullptr);
  return {};
}

base::Status CommandExecutor::carryOut(const StartBroker& command) {
  std::vector<base::BrokerId> brokers{command.broker};
  if (command.broker == 0) {
    brokers = m_cluster.brokerIds();
    std::erase_if(brokers, [this](base::BrokerId broker) { return !m_cluster.isDown(broker); });
    if (brokers.empty()) return refuse("No broker is down.");
  } else {
    if (base::Status known = checkBroker(command.broker); !known) return known;
    if (!m_cluster.isDown(command.broker)) return refuse(brokerText(command.broker) + " is running already.");
  }
  for (const base::BrokerId broker : brokers) {
    const world::Address address = world::brokerAddress(broker);
    // Halted because its disk failed: its process ends now.
    if (m_cluster.brokerState(broker) != NodeState::Down) m_cluster.world().killNode(address);
    m_cluster.world().startNode(address);
  }
  return {};
}

base::Status CommandExecutor::carryOut(const PauseBroker& command) {
  const base::Result<base::BrokerId> broker = resolve(command.broker, command.leaderOf);
  if (!broker) return base::fail(broker.error());
  if (m_cluster.isDown(*broker)) return refuse(brokerText(*broker) + " is down; only a running broker can be paused.");
  const NodeState state = m_cluster.brokerState(*broker);
  if (state == NodeState::Paused) return refuse(brokerText(*broker) + " is paused already.");
  if (state == NodeState::Stopping)
    return refuse(brokerText(*broker) + " is shutting down; only a running broker can be paused.");
  m_cluster.world().pauseNode(world::brokerAddress(*broker));
  return {};
}

base::Status CommandExecutor::carryOut(const ResumeBroker& command) {
  std::vector<base::BrokerId> brokers{command.broker};
  const auto isPaused = [this](base::BrokerId broker) { return m_cluster.brokerState(broker) == NodeState::Paused; };
  if (command.broker == 0) {
    brokers = m_cluster.brokerIds();
    std::erase_if(brokers, [&](base::BrokerId broker) { return !isPaused(broker); });
    if (brokers.empty()) return refuse("No broker is paused.");
  } else {
    if (base::Status known = checkBroker(command.broker); !known) return known;
    if (!isPaused(command.broker)) return refuse(brokerText(command.broker) + " is not paused.");
  }
  for (const base::BrokerId broker : brokers) m_cluster.world().resumeNode(world::brokerAddress(broker));
  return {};
}

// Controllers.

base::Status CommandExecutor::checkController(int32_t controller) const {
  const std::vector<int32_t>& ids = m_cluster.controllerIds();
  if (std::find(ids.begin(), ids.end(), controller) != ids.end()) return {};
  const std::string known =
      ids.size() == 1
          ? "this lab's controller is " + world::controllerAddress(ids.front()).toString()
          : "this lab's controllers are " + std::to_string(ids.front()) + " to " + std::to_string(ids.back());
  return refuse("There is no " + world::controllerAddress(controller).toString() + "; " + known + ".");
}

base::Result<int32_t> CommandExecutor::resolveController(int32_t controller) const {
  if (controller != 0) {
    if (const base::Status known = checkController(controller); !known) return base::fail(known.error());
    return controller;
  }
  const std::optional<int32_t> active = m_cluster.activeController();
  if (!active) return base::fail(ErrorCode::LEADER_NOT_AVAILABLE, "No controller is active now.");
  return *active;
}

base::Status CommandExecutor::carryOut(const KillController& command) {
  const base::Result<int32_t> controller = resolveController(command.controller);
  if (!controller) return base::fail(controller.error());
  if (m_cluster.controllerState(*controller) == NodeState::Down)
    return refuse(controllerText(*controller) + " is down already.");
  m_cluster.world().killNode(world::controllerAddress(*controller));
  return {};
}

base::Status CommandExecutor::carryOut(const StopController& command) {
  const base::Result<int32_t> controller = resolveController(command.controller);
  if (!controller) return base::fail(controller.error());
  const NodeState state = m_cluster.controllerState(*controller);
  if (state == NodeState::Down) return refuse(controllerText(*controller) + " is down already.");
  if (state == NodeState::Stopping) return refuse(controllerText(*controller) + " is shutting down already.");
  if (state == NodeState::Paused)
    return refuse(controllerText(*controller) + " is paused and cannot shut down; resume it first, or kill it.");
  m_cluster.world().stopNode(world::controllerAddress(*controller), nullptr);
  return {};
}

base::Status CommandExecutor::carryOut(const StartController& command) {
  std::vector<int32_t> controllers{command.controller};
  const auto isDown = [this](int32_t controller) { return m_cluster.controllerState(controller) == NodeState::Down; };
  if (command.controller == 0) {
    controllers = m_cluster.controllerIds();
    std::erase_if(controllers, [&](int32_t controller) { return !isDown(controller); });
    if (controllers.empty()) return refuse("No controller is down.");
  } else {
    if (base::Status known = checkController(command.controller); !known) return known;
    if (!isDown(command.controller)) return refuse(controllerText(command.controller) + " is running already.");
  }
  for (const int32_t controller : controllers) m_cluster.world().startNode(world::controllerAddress(controller));
  return {};
}

base::Status CommandExecutor::carryOut(const PauseController& command) {
  const base::Result<int32_t> controller = resolveController(command.controller);
  if (!controller) return base::fail(controller.error());
  const NodeState state = m_cluster.controllerState(*controller);
  if (state == NodeState::Down)
    return refuse(controllerText(*controller) + " is down; only a running controller can be paused.");
  if (state == NodeState::Paused) return refuse(controllerText(*controller) + " is paused already.");
  if (state == NodeState::Stopping)
    return refuse(controllerText(*controller) + " is shutting down; only a running controller can be paused.");
  m_cluster.world().pauseNode(world::controllerAddress(*controller));
  return {};
}

base::Status CommandExecutor::carryOut(const ResumeController& command) {
  std::vector<int32_t> controllers{command.controller};
  const auto isPaused = [this](int32_t controller) {
    return m_cluster.controllerState(controller) == NodeState::Paused;
  };
  if (command.controller == 0) {
    controllers = m_cluster.controllerIds();
    std::erase_if(controllers, [&](int32_t controller) { return !isPaused(controller); });
    if (controllers.empty()) return refuse("No controller is paused.");
  } else {
    if (base::Status known = checkController(command.controller); !known) return known;
    if (!isPaused(command.controller)) return refuse(controllerText(command.controller) + " is not paused.");
  }
  for (const int32_t controller : controllers) m_cluster.world().resumeNode(world::controllerAddress(controller));
  return {};
}

}  // namespace streamscope::lab
