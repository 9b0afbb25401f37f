#include "handlers/handlers.h"

namespace streamscope::controller {

protocol::BrokerRegistrationResponse handleBrokerRegistration(QuorumController& controller,
                                                              const protocol::BrokerRegistrationRequest& request) {
  protocol::BrokerRegistrationResponse response;
  const auto refuse = [&response](const base::Error& error) {
    response.errorCode = wireCode(error.code);
    return response;
  };
  if (const base::Status active = controller.checkActive(); !active) return refuse(active.error());

  const BrokerRegistration* existing = controller.image().findBroker(request.brokerId);
  const bool isNewIncarnation = existing == nullptr || existing->incarnationId != request.incarnationId;
  MetadataRecords records;
  if (isNewIncarnation) controller.replicationControl().removeFromIsrs(request.brokerId, records);
  // A broker's epoch is the offset of its RegisterBrokerRecord, the last of the batch.
  const int64_t newBrokerEpoch = controller.logEndOffset() + static_cast<int64_t>(records.size());
  const auto registration = controller.clusterControl().registerBroker(request, newBrokerEpoch);
  if (!registration) return refuse(registration.error());
  records.push_back(*registration);

  const auto committed = controller.append(records, "a new process of the broker has registered");
  if (!committed) return refuse(committed.error());
  controller.clusterControl().heartbeatManager().onRegistered(request.brokerId, registration->brokerEpoch);
  response.brokerEpoch = registration->brokerEpoch;
  return response;
}

}  // namespace streamscope::controller
