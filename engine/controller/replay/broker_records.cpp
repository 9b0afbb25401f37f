#include "controller/metadata_image.h"

namespace streamscope::controller {

base::Status MetadataImage::apply(const protocol::RegisterBrokerRecord& record) {
  BrokerRegistration registration;
  registration.id = record.brokerId;
  registration.epoch = record.brokerEpoch;
  registration.incarnationId = record.incarnationId;
  for (const auto& endPoint : record.endPoints)
    registration.endpoints.push_back({endPoint.name, endPoint.host, endPoint.port, endPoint.securityProtocol});
  for (const auto& feature : record.features)
    registration.features[feature.name] = {feature.minSupportedVersion, feature.maxSupportedVersion};
  registration.logDirectories = record.logDirs;
  registration.cordonedLogDirectories = record.cordonedLogDirs;
  registration.rack = record.rack;
  registration.fenced = record.fenced;
  registration.inControlledShutdown = record.inControlledShutdown;
  m_brokers[record.brokerId] = std::move(registration);
  return {};
}

base::Result<BrokerRegistration*> MetadataImage::findBroker(base::BrokerId id, int64_t epoch) {
  const auto found = m_brokers.find(id);
  if (found != m_brokers.end() && found->second.epoch == epoch) return &found->second;
  return base::fail(base::ErrorCode::CORRUPT_MESSAGE,
                    "broker " + std::to_string(id) + " is not registered with epoch " + std::to_string(epoch));
}

base::Status MetadataImage::apply(const protocol::UnregisterBrokerRecord& record) {
  const auto registration = findBroker(record.brokerId, record.brokerEpoch);
  if (!registration) return base::fail(registration.error());
  m_brokers.erase(record.brokerId);
  return {};
}

base::Status MetadataImage::apply(const protocol::BrokerRegistrationChangeRecord& record) {
  const auto registration = findBroker(record.brokerId, record.brokerEpoch);
  if (!registration) return base::fail(registration.error());
  if (record.fenced != 0) (*registration)->fenced = record.fenced > 0;
  if (record.inControlledShutdown != 0) (*registration)->inControlledShutdown = true;
  if (!record.logDirs.empty()) (*registration)->logDirectories = record.logDirs;
  if (record.cordonedLogDirs) (*registration)->cordonedLogDirectories = record.cordonedLogDirs;
  return {};
}

base::Status MetadataImage::apply(const protocol::FenceBrokerRecord& record) {
  const auto registration = findBroker(record.id, record.epoch);
  if (!registration) return base::fail(registration.error());
  (*registration)->fenced = true;
  return {};
}

base::Status MetadataImage::apply(const protocol::UnfenceBrokerRecord& record) {
  const auto registration = findBroker(record.id, record.epoch);
  if (!registration) return base::fail(registration.error());
  (*registration)->fenced = false;
  return {};
}

void MetadataImage::appendBrokers(std::vector<protocol::MetadataRecord>& records) const {
  for (const auto& [id, registration] : m_brokers) {
    protocol::RegisterBrokerRecord record;
    record.brokerId = id;
    record.incarnationId = registration.incarnationId;
    record.brokerEpoch = registration.epoch;
    for (const BrokerEndpoint& endpoint : registration.endpoints)
      record.endPoints.push_back({endpoint.listenerName, endpoint.host, endpoint.port, endpoint.securityProtocol});
    for (const auto& [name, levels] : registration.features) record.features.push_back({name, levels.min, levels.max});
    record.rack = registration.rack;
    record.fenced = registration.fenced;
    record.inControlledShutdown = registration.inControlledShutdown;
    record.logDirs = registration.logDirectories;
    record.cordonedLogDirs = registration.cordonedLogDirectories;
    records.emplace_back(std::move(record));
  }
}

}  // namespace streamscope::controller
