#include "cluster_control.h"

#include <algorithm>
#include <set>

#include "controller/bootstrap.h"

namespace streamscope::controller {

namespace {

/// Ids below 100 mean something else than a directory (Kafka: DirectoryId.reserved).
constexpr uint64_t kReservedDirectories = 100;
constexpr base::Uuid kUnassignedDirectory{0, 1};
constexpr base::Uuid kLostDirectory{0, 2};

/// Level of a feature the cluster does not use.
constexpr int16_t kNotFinalized = 0;

bool isReserved(const base::Uuid& directory) {
  return directory.mostSignificant == 0 && directory.leastSignificant < kReservedDirectories;
}

base::Status checkFeature(const std::string& name, int16_t finalized, int16_t min, int16_t max) {
  if (finalized >= min && finalized <= max) return {};
  return base::fail(base::ErrorCode::UNSUPPORTED_VERSION,
                    "Unable to register because the broker does not support finalized version " +
                        std::to_string(finalized) + " of " + name + ". The broker wants a version between " +
                        std::to_string(min) + " and " + std::to_string(max) + ", inclusive.");
}

}  // namespace

ClusterControl::ClusterControl(const MetadataImage& image, const world::Clock& clock, const ControllerConfig& config)
    : m_image(image), m_config(config), m_heartbeatManager(image, clock, config.brokerSessionTimeout) {}

base::Result<protocol::RegisterBrokerRecord> ClusterControl::registerBroker(
    const protocol::BrokerRegistrationRequest& request, int64_t newBrokerEpoch) const {
  if (request.clusterId != m_config.clusterId) {
    return base::fail(base::ErrorCode::INCONSISTENT_CLUSTER_ID,
                      "Expected cluster ID " + m_config.clusterId + ", but got cluster ID " + request.clusterId);
  }
  const BrokerRegistration* existing = m_image.findBroker(request.brokerId);
  const bool isSameIncarnation = existing != nullptr && existing->incarnationId == request.incarnationId;
  if (existing != nullptr && !isSameIncarnation && m_heartbeatManager.hasValidSession(request.brokerId)) {
    return base::fail(base::ErrorCode::DUPLICATE_BROKER_REGISTRATION,
                      "Another broker is registered with that broker id. If the broker was recently restarted this "
                      "should self-resolve once the heartbeat manager expires the broker's session.");
  }
  if (request.isMigratingZkBroker) {
    return base::fail(base::ErrorCode::BROKER_ID_NOT_REGISTERED, "Controller does not support registering ZK brokers.");
  }
  if (const base::Status checked = checkDirectories(request); !checked) return base::fail(checked.error());
  if (const base::Status checked = checkFeatures(request); !checked) return base::fail(checked.error());

  protocol::RegisterBrokerRecord record;
  record.brokerId = request.brokerId;
  record.incarnationId = request.incarnationId;
  record.rack = request.rack;
  record.logDirs = request.logDirs;
  for (const auto& listener : request.listeners)
    record.endPoints.push_back({listener.name, listener.host, listener.port, listener.securityProtocol});
  for (const auto& feature : request.features)
    record.features.push_back({feature.name, feature.minSupportedVersion, feature.maxSupportedVersion});
  record.brokerEpoch = isSameIncarnation ? existing->epoch : newBrokerEpoch;
  record.fenced = isSameIncarnation ? existing->fenced : true;
  record.inControlledShutdown = isSameIncarnation && existing->inControlledShutdown;
  return record;
}

base::Status ClusterControl::checkDirectories(const protocol::BrokerRegistrationRequest& request) const {
  const auto refuse = [](std::string message) {
    return base::fail(base::ErrorCode::INVALID_REGISTRATION, std::move(message));
  };
  if (request.logDirs.empty()) return refuse("No directories specified in request");
  if (std::any_of(request.logDirs.begin(), request.logDirs.end(), isReserved))
    return refuse("Reserved directory ID in request");
  if (std::set(request.logDirs.begin(), request.logDirs.end()).size() != request.logDirs.size())
    return refuse("Duplicate directory ID in request");
  for (const auto& [id, registration] : m_image.brokers()) {
    if (id == request.brokerId) continue;
    for (const base::Uuid& directory : registration.logDirectories) {
      if (std::find(request.logDirs.begin(), request.logDirs.end(), directory) != request.logDirs.end()) {
        return refuse("Broker " + std::to_string(id) + " is already registered with directory " + directory.toString());
      }
    }
  }
  return {};
}

base::Status ClusterControl::checkFeatures(const protocol::BrokerRegistrationRequest& request) const {
  std::map<std::string, int16_t> unverified = m_image.features();
  for (const auto& feature : request.features) {
    const auto finalized = unverified.find(feature.name);
    const int16_t level = finalized == unverified.end() ? kNotFinalized : finalized->second;
    if (const base::Status checked =
            checkFeature(feature.name, level, feature.minSupportedVersion, feature.maxSupportedVersion);
        !checked) {
      return checked;
    }
    unverified.erase(feature.name);
  }
  if (unverified.contains(std::string(kMetadataVersionFeature))) {
    return base::fail(base::ErrorCode::INVALID_REGISTRATION, "Request features do not contain 'metadata.version'");
  }
  for (const auto& [name, level] : unverified) {
    if (const base::Status checked = checkFeature(name, level, kNotFinalized, kNotFinalized); !checked) return checked;
  }
  return {};
}

base::Status ClusterControl::checkBrokerEpoch(base::BrokerId broker, int64_t brokerEpoch) const {
  const BrokerRegistration* registration = m_image.findBroker(broker);
  if (registration == nullptr) {
    return base::fail(base::ErrorCode::STALE_BROKER_EPOCH,
                      "No broker registration found for broker id " + std::to_string(broker));
  }
  if (registration->epoch != brokerEpoch && !m_config.bugs.has(base::KnownBug::FencingOff)) {
    return base::fail(base::ErrorCode::STALE_BROKER_EPOCH, "Expected broker epoch " +
                                                               std::to_string(registration->epoch) +
                                                               ", but got broker epoch " + std::to_string(brokerEpoch));
  }
  return {};
}

bool ClusterControl::isActive(base::BrokerId broker) const {
  const BrokerRegistration* registration = m_image.findBroker(broker);
  return registration != nullptr && registration->isActive();
}

bool ClusterControl::canLead(base::BrokerId broker, const PartitionRegistration& partition) const {
  return isActive(broker) && hasReplicaOnline(broker, partition);
}

bool ClusterControl::hasReplicaOnline(base::BrokerId broker, const PartitionRegistration& partition) const {
  const auto replica = std::find(partition.replicas.begin(), partition.replicas.end(), broker);
  const auto index = static_cast<size_t>(replica - partition.replicas.begin());
  if (index >= partition.directories.size()) return true;
  const base::Uuid& directory = partition.directories[index];
  if (directory == kLostDirectory) return false;
  if (isReserved(directory)) return true;
  const auto& online = m_image.findBroker(broker)->logDirectories;
  return std::find(online.begin(), online.end(), directory) != online.end();
}

std::vector<UsableBroker> ClusterControl::usableBrokers() const {
  std::vector<UsableBroker> brokers;
  for (const auto& [id, registration] : m_image.brokers()) {
    if (!m_heartbeatManager.isShuttingDown(id)) brokers.push_back({id, registration.rack, registration.fenced});
  }
  return brokers;
}

base::Uuid ClusterControl::defaultDirectory(base::BrokerId broker) const {
  const BrokerRegistration* registration = m_image.findBroker(broker);
  const bool hasOne = registration != nullptr && registration->logDirectories.size() == 1;
  return hasOne ? registration->logDirectories.front() : kUnassignedDirectory;
}

}  // namespace streamscope::controller
