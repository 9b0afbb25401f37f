#include "handlers/metadata_fetch_handler.h"

#include <chrono>
#include <utility>

#include "handlers/handlers.h"

namespace streamscope::controller {

namespace {

/// Nothing in it that must not wait: no error, no records, no divergence, no snapshot, no news of the high watermark.
bool canWait(const protocol::FetchRequest& request, const protocol::FetchResponse& response) {
  if (response.errorCode != 0) return false;
  const auto& partition = response.responses.front().partitions.front();
  const auto& asked = request.topics.front().partitions.front();
  return partition.errorCode == 0 && partition.divergingEpoch == protocol::FetchResponse::EpochEndOffset() &&
         partition.snapshotId == protocol::FetchResponse::SnapshotId() && partition.records->empty() &&
         partition.highWatermark <= asked.highWatermark;
}

}  // namespace

MetadataFetchHandler::MetadataFetchHandler(world::NodeContext& context, QuorumController& controller)
    : m_context(context), m_controller(controller) {}

void MetadataFetchHandler::handle(const world::IncomingRequest& incoming) {
  const auto& request = std::get<protocol::FetchRequest>(incoming.body);
  if (RaftClient* raft = m_controller.raft()) raft->noteFetch(request, incoming.header.version);
  protocol::FetchResponse response = answer(request, incoming.header.version);
  if (!canWait(request, response) || request.maxWaitMs == 0) {
    m_context.network.respond(incoming.reply, std::move(response));
    return;
  }
  const uint64_t id = m_nextId++;
  const world::TimerId timer =
      m_context.timers.after(std::chrono::milliseconds(request.maxWaitMs), [this, id] { complete(id); });
  m_delayed.emplace(id, DelayedFetch{request, incoming.reply, timer});
}

void MetadataFetchHandler::onLogChanged() {
  std::vector<uint64_t> ready;
  for (const auto& [id, fetch] : m_delayed) {
    if (!canWait(fetch.request, answer(fetch.request, fetch.reply.version))) ready.push_back(id);
  }
  for (const uint64_t id : ready) complete(id);
}

void MetadataFetchHandler::complete(uint64_t id) {
  const auto found = m_delayed.find(id);
  const DelayedFetch fetch = std::move(found->second);
  m_delayed.erase(found);
  m_context.timers.cancel(fetch.timer);
  m_context.network.respond(fetch.reply, answer(fetch.request, fetch.reply.version));
}

protocol::FetchResponse MetadataFetchHandler::answer(const protocol::FetchRequest& request, int16_t version) const {
  if (const RaftClient* raft = m_controller.raft()) return raft->answerFetch(request, version);
  // The log directory could not be opened.
  protocol::FetchResponse response;
  response.errorCode = wireCode(base::ErrorCode::NOT_LEADER_OR_FOLLOWER);
  return response;
}

}  // namespace streamscope::controller
