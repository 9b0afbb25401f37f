#include "handlers/handlers.h"

namespace streamscope::controller {

protocol::UnregisterBrokerResponse handleUnregisterBroker(QuorumController& controller,
                                                          const protocol::UnregisterBrokerRequest& request) {
  protocol::UnregisterBrokerResponse response;
  const auto refuse = [&response](const base::Error& error) {
    response.errorCode = wireCode(error.code);
    response.errorMessage = error.message;
    return response;
  };
  if (const base::Status active = controller.checkActive(); !active) return refuse(active.error());
  const BrokerRegistration* registration = controller.image().findBroker(request.brokerId);
  if (registration == nullptr)
    return refuse({base::ErrorCode::BROKER_ID_NOT_REGISTERED,
                   "Broker ID " + std::to_string(request.brokerId) + " is not currently registered"});
  MetadataRecords records;
  const int64_t epoch = registration->epoch;
  controller.replicationControl().removeFromIsrs(request.brokerId, records);
  records.push_back(protocol::UnregisterBrokerRecord{request.brokerId, epoch});
  if (const auto appended = controller.append(records); !appended) return refuse(appended.error());
  controller.clusterControl().heartbeatManager().remove(request.brokerId);
  return response;
}

}  // namespace streamscope::controller
