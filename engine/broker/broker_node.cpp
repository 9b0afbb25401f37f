#include "broker/broker_node.h"

#include "alter_partition_manager.h"
#include "assignments_manager.h"
#include "auto_topic_creation_manager.h"
#include "broker_lifecycle.h"
#include "controller/bootstrap.h"
#include "controller_channel.h"
#include "coordinator_hosting.h"
#include "dynamic_broker_config.h"
#include "halt_switch.h"
#include "log_directories.h"
#include "metadata_fetcher.h"
#include "producer_id_manager.h"
#include "replica_manager.h"
#include "request_dispatcher.h"
#include "world/cause_scope.h"

namespace streamscope::broker {
namespace {

/// Requests that came before the broker had caught up wait for it (Kafka: queued.max.requests).
constexpr size_t kEarlyRequestsMax = 500;
/// Kafka: how long a controlled shutdown may take before the broker goes anyway.
constexpr base::Duration kControlledShutdownMax = std::chrono::minutes(5);

}  // namespace

/// Wires the parts and owns them; what each does is in its own file.
struct BrokerNode::Impl {
  Impl(world::NodeContext& outer, BrokerConfig brokerConfig, std::vector<CoordinatorFactory> factories)
      : started(std::move(brokerConfig)),
        config(started),
        haltSwitch(outer.timers, outer.network),
        context{outer.self, outer.clock, haltSwitch, outer.random, haltSwitch, outer.trace, outer.storage},
        controller(context, config),
        metadata(
            context, config, controller, [this] { loadLogs(); },
            [this](const MetadataDelta& delta) { publish(delta); }),
        lifecycle(context, config, controller,
                  {.onCaughtUp = [this] { takeUpReplicas(); },
                   .onShouldShutDown = [this] { finishShutdown(); },
                   .onFailureUntold = [this] { failUntold(); }}),
        alterPartition(context, config, controller, brokerEpoch()),
        assignments(context, config, controller, brokerEpoch()),
        producerIds(config, controller, brokerEpoch()),
        autoTopicCreation(config, controller),
        coordinatorFactories(std::move(factories)) {}

  std::function<int64_t()> brokerEpoch() {
    return [this] { return lifecycle.brokerEpoch(); };
  }

  void start();
  /// With what the first metadata image says of them.
  void loadLogs();
  void removeDropped();
  void publish(const MetadataDelta& delta);
  void takeUpReplicas();
  void onRequest(world::IncomingRequest request);
  void stop(std::function<void()> done);
  void finishShutdown();
  /// A fault of a disk: its directory goes offline, or the broker halts.
  void onStorageFailure(const base::Error& error);
  void takeFailedDirectoriesOffline();
  void failUntold();
  void failLogDirectory(const base::Error& error);
  void halt(const std::string& reason);

  const BrokerConfig started;
  /// What it obeys now; every part of the broker looks here.
  BrokerConfig config;
  HaltSwitch haltSwitch;
  world::NodeContext context;
  ControllerChannel controller;
  MetadataFetcher metadata;
  BrokerLifecycleManager lifecycle;
  AlterPartitionManager alterPartition;
  AssignmentsManager assignments;
  ProducerIdManager producerIds;
  AutoTopicCreationManager autoTopicCreation;
  const std::vector<CoordinatorFactory> coordinatorFactories;

  // From `start` on, unless the log directory could not be claimed; it has logs from `loadLogs` on.
  std::unique_ptr<LogDirectories> logDirectories;
  std::unique_ptr<ReplicaManager> replicaManager;
  std::unique_ptr<CoordinatorHosting> coordinators;
  std::unique_ptr<RequestDispatcher> dispatcher;

  bool areLogsLoaded = false;
  bool isServing = false;
  std::vector<world::IncomingRequest> earlyRequests;
  std::optional<std::string> logDirectoryFailure;
  std::function<void()> onStopped;
};

void BrokerNode::Impl::start() {
  auto claimed = LogDirectories::claim(context, config);
  if (!claimed) return failLogDirectory(claimed.error());
  logDirectories = std::move(*claimed);
  if (logDirectories->isNew()) {
    const base::Status formatted =
        controller::writeBootstrapFile(logDirectories->storageOf(0), context.clock.wallClockMs());
    if (!formatted) return failLogDirectory(formatted.error());
  }
  replicaManager = std::make_unique<ReplicaManager>(
      ReplicaManager::Surroundings{context, config, metadata.image(), alterPartition, assignments, *logDirectories,
                                   brokerEpoch(), [this](const base::Error& error) { onStorageFailure(error); }});
  coordinators =
      std::make_unique<CoordinatorHosting>(context, config, metadata.image(), *replicaManager, coordinatorFactories);
  replicaManager->setReplicationListener(coordinators.get());
  dispatcher = std::make_unique<RequestDispatcher>(HandlerContext{
      context, config, metadata.image(), *replicaManager, controller, autoTopicCreation, producerIds, *coordinators});
  lifecycle.start(logDirectories->ids(), logDirectories->previousBrokerEpoch());
  metadata.start();
}

void BrokerNode::Impl::loadLogs() {
  if (logDirectoryFailure || areLogsLoaded) return;
  areLogsLoaded = true;
  config = withDynamicConfigs(started, metadata.image());
  const base::Status loaded = logDirectories->loadLogs(metadata.image());
  if (loaded) return;
  if (logDirectories->haveFailedForGood()) return failLogDirectory(loaded.error());
  takeFailedDirectoriesOffline();
}

void BrokerNode::Impl::removeDropped() {
  if (logDirectoryFailure) return;
  const base::Status removed = logDirectories->removeDropped(metadata.image());
  if (!removed) onStorageFailure(removed.error());
}

void BrokerNode::Impl::publish(const MetadataDelta& delta) {
  lifecycle.setMetadataOffset(metadata.image().offset());
  if (delta.brokerConfigsChanged) config = withDynamicConfigs(started, metadata.image());
  if (!isServing || delta.empty()) return;
  replicaManager->applyMetadata(delta);
  coordinators->applyMetadata(delta);
}

void BrokerNode::Impl::takeUpReplicas() {
  loadLogs();
  removeDropped();
  if (logDirectoryFailure) return;
  replicaManager->startUp();
  coordinators->applyMetadata(MetadataDelta::ofWholeImage(metadata.image()));
  isServing = true;
  lifecycle.setReadyToUnfence();
  for (world::IncomingRequest& request : std::exchange(earlyRequests, {})) dispatcher->dispatch(std::move(request));
}

void BrokerNode::Impl::onRequest(world::IncomingRequest request) {
  if (haltSwitch.isHalted()) return context.network.disconnect(request.reply, "The broker has halted.");
  if (isServing) return dispatcher->dispatch(std::move(request));
  if (earlyRequests.size() == kEarlyRequestsMax)
    return context.network.disconnect(request.reply, "The broker is starting and its request queue is full.");
  earlyRequests.push_back(std::move(request));
}

// Ends.

void BrokerNode::Impl::stop(std::function<void()> done) {
  if (haltSwitch.isHalted() || logDirectoryFailure) return done();
  onStopped = std::move(done);
  context.timers.after(kControlledShutdownMax, [this] { finishShutdown(); });
  lifecycle.beginControlledShutdown();
}

void BrokerNode::Impl::finishShutdown() {
  logDirectories->forEachOnline([this](size_t place) {
    const auto closed =
        logDirectories->at(place).closeCleanly(replicaManager->highWatermarks(place), lifecycle.brokerEpoch());
    if (closed) return;
    logDirectoryFailure = closed.error().message;
    context.trace.record(world::LogDirectoryFailed{context.self, closed.error().message});
  });
  halt("The broker is shutting down.");
  // The last thing here: the world may end this node in it.
  const auto done = std::exchange(onStopped, nullptr);
  if (done) done();
}

void BrokerNode::Impl::onStorageFailure(const base::Error& error) {
  const bool isExplained = logDirectories->hasOffline() || !logDirectories->newlyFailed().empty();
  if (logDirectories->haveFailedForGood() || !isExplained) return failLogDirectory(error);
  // After the request that met the fault has been answered.
  context.timers.after(base::Duration::zero(), [this] { takeFailedDirectoriesOffline(); });
}

void BrokerNode::Impl::takeFailedDirectoriesOffline() {
  for (const size_t place : logDirectories->newlyFailed()) {
    const int32_t replicas = replicaManager->takeOffline(place);
    const base::Uuid id = logDirectories->idOf(place);
    const world::CauseScope because(context.trace, context.trace.record(world::LogDirectoryOffline{
                                                       context.self, logDirectories->nameOf(place), id.toString(),
                                                       replicas, *logDirectories->failureOf(place)}));
    lifecycle.tellDirectoryFailure(id);
  }
}

void BrokerNode::Impl::failUntold() {
  failLogDirectory({base::ErrorCode::KAFKA_STORAGE_ERROR,
                    "a log directory is offline and the controller could not be told within "
                    "log.dir.failure.timeout.ms"});
}

void BrokerNode::Impl::failLogDirectory(const base::Error& error) {
  if (logDirectoryFailure) return;
  logDirectoryFailure = error.message;
  context.trace.record(world::LogDirectoryFailed{context.self, error.message});
  // After the request that met the fault has been answered. Kafka halts when its last log directory fails.
  context.timers.after(base::Duration::zero(), [this] {
    halt("The broker halted because its log directory failed: " + *logDirectoryFailure);
    if (const auto done = std::exchange(onStopped, nullptr)) done();
  });
}

void BrokerNode::Impl::halt(const std::string& reason) {
  haltSwitch.halt();
  isServing = false;
  if (coordinators != nullptr) coordinators->stop(reason);
  if (replicaManager != nullptr) replicaManager->abandonWaiting(reason);
  for (const world::IncomingRequest& request : std::exchange(earlyRequests, {}))
    context.network.disconnect(request.reply, reason);
}

// The public face.

BrokerNode::BrokerNode(world::NodeContext& context, BrokerConfig config, std::vector<CoordinatorFactory> coordinators)
    : m_impl(std::make_unique<Impl>(context, std::move(config), std::move(coordinators))) {}

BrokerNode::~BrokerNode() = default;

void BrokerNode::start() {
  m_impl->start();
}

void BrokerNode::onRequest(world::IncomingRequest request) {
  m_impl->onRequest(std::move(request));
}

void BrokerNode::stop(std::function<void()> done) {
  m_impl->stop(std::move(done));
}

BrokerLifecycle BrokerNode::lifecycle() const {
  return m_impl->lifecycle.state();
}

bool BrokerNode::isFenced() const {
  return m_impl->lifecycle.isFenced();
}

int64_t BrokerNode::brokerEpoch() const {
  return m_impl->lifecycle.brokerEpoch();
}

const controller::MetadataImage& BrokerNode::image() const {
  return m_impl->metadata.image();
}

std::vector<ReplicaView> BrokerNode::replicas() const {
  std::vector<ReplicaView> views;
  if (m_impl->replicaManager == nullptr) return views;
  for (const Partition* partition : m_impl->replicaManager->partitions()) {
    const log::PartitionLog& log = partition->log();
    views.push_back({partition->name(), partition->isLeader(), partition->leaderEpoch(), log.logStartOffset(),
                     partition->highWatermark(), log.logEndOffset(), log.sizeInBytes(),
                     static_cast<int32_t>(m_impl->logDirectories->placeOf(partition->name()).value_or(0))});
  }
  return views;
}

const log::PartitionLog* BrokerNode::findLog(const base::TopicPartition& partition) const {
  return m_impl->logDirectories == nullptr ? nullptr : m_impl->logDirectories->find(partition);
}

std::vector<LogDirectoryView> BrokerNode::logDirectories() const {
  std::vector<LogDirectoryView> views;
  if (m_impl->logDirectories == nullptr) return views;
  const LogDirectories& directories = *m_impl->logDirectories;
  for (size_t place = 0; place < directories.count(); ++place)
    views.push_back({directories.nameOf(place), directories.pathOf(place), directories.idOf(place),
                     directories.failureOf(place).value_or("")});
  return views;
}

std::vector<base::TopicPartition> BrokerNode::offlineReplicas() const {
  return m_impl->replicaManager == nullptr ? std::vector<base::TopicPartition>()
                                           : m_impl->replicaManager->offlineReplicas();
}

std::vector<const HostedCoordinator*> BrokerNode::coordinators() const {
  return m_impl->coordinators == nullptr ? std::vector<const HostedCoordinator*>()
                                         : m_impl->coordinators->coordinators();
}

std::optional<std::string> BrokerNode::logDirectoryFailure() const {
  return m_impl->logDirectoryFailure;
}

}  // namespace streamscope::broker
