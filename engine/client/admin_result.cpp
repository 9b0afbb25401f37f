#include "admin_result.h"

#include <variant>

namespace streamscope::client {

using base::ErrorCode;

namespace {

template <class Result>
AdminResult resultIn(const Result& result) {
  return {static_cast<ErrorCode>(result.errorCode), result.errorMessage.value_or("")};
}

/// The first of `results` that is not fine; a response has one for each thing asked for.
template <class Results>
AdminResult firstRefusal(const Results& results) {
  if (results.empty()) return {};
  for (const auto& result : results) {
    const AdminResult found = resultIn(result);
    if (found.error != ErrorCode::NONE) return found;
  }
  return {ErrorCode::NONE, {}};
}

AdminResult refusalIn(const protocol::ElectLeadersResponse& response) {
  const auto whole = static_cast<ErrorCode>(response.errorCode);
  if (whole != ErrorCode::NONE) return {whole, {}};
  for (const auto& topic : response.replicaElectionResults)
    for (const auto& partition : topic.partitionResult) {
      const AdminResult found = resultIn(partition);
      if (found.error != ErrorCode::NONE && found.error != ErrorCode::ELECTION_NOT_NEEDED) return found;
    }
  return {ErrorCode::NONE, {}};
}

AdminResult refusalIn(const protocol::AlterPartitionReassignmentsResponse& response) {
  const AdminResult whole = resultIn(response);
  if (whole.error != ErrorCode::NONE) return whole;
  for (const auto& topic : response.responses) {
    const AdminResult found = firstRefusal(topic.partitions);
    if (found.error != ErrorCode::NONE) return found;
  }
  return {ErrorCode::NONE, {}};
}

AdminResult refusalIn(const protocol::AlterReplicaLogDirsResponse& response) {
  for (const auto& topic : response.results)
    for (const auto& partition : topic.partitions)
      if (partition.errorCode != 0) return {static_cast<ErrorCode>(partition.errorCode), {}};
  return {ErrorCode::NONE, {}};
}

}  // namespace

AdminResult adminResultOf(const protocol::ResponseBody& body) {
  if (const auto* created = std::get_if<protocol::CreateTopicsResponse>(&body)) return firstRefusal(created->topics);
  if (const auto* deleted = std::get_if<protocol::DeleteTopicsResponse>(&body)) return firstRefusal(deleted->responses);
  if (const auto* grown = std::get_if<protocol::CreatePartitionsResponse>(&body)) return firstRefusal(grown->results);
  if (const auto* altered = std::get_if<protocol::IncrementalAlterConfigsResponse>(&body))
    return firstRefusal(altered->responses);
  if (const auto* elected = std::get_if<protocol::ElectLeadersResponse>(&body)) return refusalIn(*elected);
  if (const auto* reassigned = std::get_if<protocol::AlterPartitionReassignmentsResponse>(&body))
    return refusalIn(*reassigned);
  if (const auto* altered = std::get_if<protocol::AlterReplicaLogDirsResponse>(&body)) return refusalIn(*altered);
  return {};
}

}  // namespace streamscope::client
