#include "controller/quorum_state.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/assert.h"

namespace streamscope::controller {

namespace {

struct Transition {
  QuorumRole from;
  QuorumRole to;
};

constexpr std::array<Transition, 5> kTransitions{{
    {QuorumRole::Unattached, QuorumRole::Candidate},
    {QuorumRole::Candidate, QuorumRole::Leader},
    {QuorumRole::Candidate, QuorumRole::Candidate},
    {QuorumRole::Leader, QuorumRole::Resigned},
    {QuorumRole::Resigned, QuorumRole::Candidate},
}};

/// "None" in the file.
constexpr int32_t kNobody = -1;

std::optional<int32_t> nodeOrNobody(int32_t id) {
  return id == kNobody ? std::nullopt : std::optional<int32_t>(id);
}

}  // namespace

std::string_view quorumRoleName(QuorumRole role) {
  switch (role) {
    case QuorumRole::Unattached:
      return "Unattached";
    case QuorumRole::Candidate:
      return "Candidate";
    case QuorumRole::Leader:
      return "Leader";
    case QuorumRole::Resigned:
      return "Resigned";
  }
  return {};
}

bool isAllowedTransition(QuorumRole from, QuorumRole to) {
  return std::any_of(kTransitions.begin(), kTransitions.end(),
                     [&](const Transition& row) { return row.from == from && row.to == to; });
}

QuorumState::QuorumState(storage::Storage& storage, std::filesystem::path file, int32_t localId)
    : m_storage(&storage), m_file(std::move(file)), m_localId(localId), m_voters{localId} {}

base::Result<QuorumState> QuorumState::load(storage::Storage& storage, std::filesystem::path file, int32_t localId,
                                            int32_t lastLogEpoch) {
  QuorumState state(storage, std::move(file), localId);
  if (storage.exists(state.m_file)) {
    if (const base::Status status = state.read(); !status) return base::fail(status.error());
  }
  if (lastLogEpoch > state.m_epoch) {
    state.m_epoch = lastLogEpoch;
    state.m_leaderId.reset();
    state.m_votedId.reset();
  }
  if (state.m_leaderId == localId) state.m_role = QuorumRole::Resigned;
  return state;
}

base::Status QuorumState::read() {
  const auto bytes = m_storage->readFile(m_file);
  if (!bytes) return base::fail(storage::toError(bytes.error()));
  const nlohmann::json json = nlohmann::json::parse(bytes->begin(), bytes->end(), nullptr, false);
  const auto number = [&](const char* key) {
    const auto found = json.find(key);
    return found != json.end() && found->is_number_integer() ? std::optional(found->get<int32_t>()) : std::nullopt;
  };
  const auto damaged = [&](const std::string& why) {
    return base::fail(base::ErrorCode::KAFKA_STORAGE_ERROR,
                      m_file.string() + " cannot be read as a quorum state: " + why +
                          "; delete the file to take the epoch from the metadata log.");
  };
  if (!json.is_object()) return damaged("it is no JSON object");
  const auto version = number("data_version");
  if (!version || *version < 0 || *version > 1) return damaged("data_version must be 0 or 1");
  const auto epoch = number("leaderEpoch");
  const auto leader = number("leaderId");
  const auto voted = number("votedId");
  if (!epoch || !leader || !voted || *epoch < 0) return damaged("leaderEpoch, leaderId and votedId must be numbers");
  m_epoch = *epoch;
  m_leaderId = nodeOrNobody(*leader);
  m_votedId = nodeOrNobody(*voted);
  return {};
}

base::Status QuorumState::write(int32_t epoch, std::optional<int32_t> leaderId, std::optional<int32_t> votedId) const {
  // The fields of kraft.version 0, in the order Kafka writes them; it leaves clusterId empty and appliedOffset 0.
  nlohmann::ordered_json json;
  json["clusterId"] = "";
  json["leaderId"] = leaderId.value_or(kNobody);
  json["leaderEpoch"] = epoch;
  json["votedId"] = votedId.value_or(kNobody);
  json["appliedOffset"] = 0;
  json["currentVoters"] = nlohmann::ordered_json::array();
  for (const int32_t voter : m_voters) json["currentVoters"].push_back({{"voterId", voter}});
  json["data_version"] = 0;
  const std::string text = json.dump();
  const auto written = m_storage->writeFileAtomically(m_file, base::asBytes(text));
  if (!written) return base::fail(storage::toError(written.error()));
  return {};
}

void QuorumState::moveTo(QuorumRole role) {
  STREAMSCOPE_ASSERT(isAllowedTransition(m_role, role),
                     std::string(quorumRoleName(m_role)) + " to " + std::string(quorumRoleName(role)));
  m_role = role;
}

base::Status QuorumState::transitionToCandidate() {
  if (const base::Status written = write(m_epoch + 1, std::nullopt, m_localId); !written) return written;
  moveTo(QuorumRole::Candidate);
  ++m_epoch;
  m_leaderId.reset();
  m_votedId = m_localId;
  return {};
}

base::Status QuorumState::transitionToLeader() {
  STREAMSCOPE_ASSERT(m_votedId == m_localId, "epoch " + std::to_string(m_epoch));
  // One vote, its own, is a majority only here.
  STREAMSCOPE_ASSERT(isOnlyVoter(), std::to_string(m_voters.size()) + " voters");
  if (const base::Status written = write(m_epoch, m_localId, std::nullopt); !written) return written;
  moveTo(QuorumRole::Leader);
  m_leaderId = m_localId;
  m_votedId.reset();
  return {};
}

void QuorumState::transitionToResigned() {
  moveTo(QuorumRole::Resigned);
  m_leaderId.reset();
}

}  // namespace streamscope::controller
