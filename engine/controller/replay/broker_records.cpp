#include "base/assert.h"
#include "controller/metadata_image.h"

namespace streamscope::controller {

void MetadataImage::apply(const protocol::RegisterBrokerRecord& record) {
  BrokerRegistration registration;
  registration.id = record.brokerId;
  registration.epoch = record.brokerEpoch;
  registration.incarnationId = record.incarnationId;
  for (const auto& endPoint : record.endPoints)
    registration.endpoints.push_back({endPoint.name, endPoint.host, endPoint.port, endPoint.securityProtocol});
  registration.logDirectories = record.logDirs;
  registration.rack = record.rack;
  registration.fenced = record.fenced;
  registration.inControlledShutdown = record.inControlledShutdown;
  m_brokers[record.brokerId] = std::move(registration);
}

void MetadataImage::apply(const protocol::UnregisterBrokerRecord& record) {
  const auto found = m_brokers.find(record.brokerId);
  STREAMSCOPE_ASSERT(found != m_brokers.end(), "broker " + std::to_string(record.brokerId));
  STREAMSCOPE_ASSERT(found->second.epoch == record.brokerEpoch, "broker " + std::to_string(record.brokerId));
  m_brokers.erase(found);
}

void MetadataImage::apply(const protocol::BrokerRegistrationChangeRecord& record) {
  const auto found = m_brokers.find(record.brokerId);
  STREAMSCOPE_ASSERT(found != m_brokers.end(), "broker " + std::to_string(record.brokerId));
  BrokerRegistration& registration = found->second;
  STREAMSCOPE_ASSERT(registration.epoch == record.brokerEpoch, "broker " + std::to_string(record.brokerId));
  if (record.fenced != 0) registration.fenced = record.fenced > 0;
  if (record.inControlledShutdown != 0) registration.inControlledShutdown = true;
  if (!record.logDirs.empty()) registration.logDirectories = record.logDirs;
}

}  // namespace streamscope::controller
