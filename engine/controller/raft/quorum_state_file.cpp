#include "quorum_state_file.h"

#include <limits>
#include <nlohmann/json.hpp>

namespace streamscope::controller {

namespace {

/// "None" in the file.
constexpr int32_t kNobody = -1;
constexpr int64_t kDataVersionMax = 1;

std::optional<int32_t> nodeOrNobody(int32_t id) {
  return id == kNobody ? std::nullopt : std::optional<int32_t>(id);
}

std::optional<int32_t> numberAt(const nlohmann::json& json, const char* key) {
  const auto found = json.find(key);
  if (found == json.end() || !found->is_number_integer()) return std::nullopt;
  const auto number = found->get<int64_t>();
  if (number < std::numeric_limits<int32_t>::min() || number > std::numeric_limits<int32_t>::max()) return std::nullopt;
  return static_cast<int32_t>(number);
}

/// The ids in `currentVoters`; nothing when they cannot be read.
std::optional<std::vector<int32_t>> readVoters(const nlohmann::json& json) {
  std::vector<int32_t> voters;
  const auto list = json.find("currentVoters");
  if (list == json.end() || list->is_null()) return voters;
  if (!list->is_array()) return std::nullopt;
  for (const nlohmann::json& voter : *list) {
    const auto id = voter.is_object() ? numberAt(voter, "voterId") : std::nullopt;
    if (!id) return std::nullopt;
    voters.push_back(*id);
  }
  return voters;
}

}  // namespace

std::string formatQuorumState(const ElectionState& state, int16_t kraftVersion) {
  nlohmann::ordered_json json;
  // Kafka leaves clusterId empty and appliedOffset 0.
  if (kraftVersion == 0) json["clusterId"] = "";
  json["leaderId"] = state.leaderId.value_or(kNobody);
  json["leaderEpoch"] = state.leaderEpoch;
  json["votedId"] = state.votedId.value_or(kNobody);
  if (kraftVersion == 0) {
    json["appliedOffset"] = 0;
    json["currentVoters"] = nlohmann::ordered_json::array();
    for (const int32_t voter : state.voters) json["currentVoters"].push_back({{"voterId", voter}});
    json["data_version"] = 0;
  } else {
    json["votedDirectoryId"] = state.votedDirectoryId.toString();
    json["data_version"] = 1;
  }
  return json.dump();
}

base::Result<ElectionState> parseQuorumState(base::ByteView bytes, const std::string& fileName) {
  const nlohmann::json json = nlohmann::json::parse(bytes.begin(), bytes.end(), nullptr, false);
  const auto damaged = [&](const std::string& why) {
    return base::fail(base::ErrorCode::KAFKA_STORAGE_ERROR,
                      fileName + " cannot be read as a quorum state: " + why +
                          "; delete the file to take the epoch from the metadata log.");
  };
  if (!json.is_object()) return damaged("it is no JSON object");
  const auto version = numberAt(json, "data_version");
  if (!version || *version < 0 || *version > kDataVersionMax) return damaged("data_version must be 0 or 1");
  const auto epoch = numberAt(json, "leaderEpoch");
  const auto leader = numberAt(json, "leaderId");
  const auto voted = numberAt(json, "votedId");
  if (!epoch || !leader || !voted || *epoch < 0) return damaged("leaderEpoch, leaderId and votedId must be numbers");
  ElectionState state{*epoch, nodeOrNobody(*leader), nodeOrNobody(*voted), base::kZeroUuid, {}};
  const auto voters = readVoters(json);
  if (!voters) return damaged("currentVoters must be a list of voterId");
  state.voters = *voters;
  if (const auto directory = json.find("votedDirectoryId"); directory != json.end()) {
    const auto id = directory->is_string() ? base::Uuid::parse(directory->get<std::string>()) : std::nullopt;
    if (!id) return damaged("votedDirectoryId must be a directory id");
    state.votedDirectoryId = *id;
  }
  return state;
}

}  // namespace streamscope::controller
