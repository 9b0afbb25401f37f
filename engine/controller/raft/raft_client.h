#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/random.h"
#include "controller/controller_node.h"
#include "metadata_log.h"
#include "protocol/message.h"
#include "quorum_state.h"
#include "raft_messages.h"
#include "request_manager.h"
#include "world/node.h"

namespace streamscope::controller {

/// Agrees with the other voters on who leads the metadata log and on how far it is committed. An event-driven state
/// machine: requests, answers and one timer, after each of which the present role does what is due (`poll`). What the
/// roles are is in controller/quorum_role.h, what each knows in its class; here is what they do, one file each:
/// raft_client_election (votes), raft_client_leader, raft_client_follower (also who looks for a leader), and
/// raft_client_snapshot. Sources: KIP-595, 630, 996, 1166; Kafka's KafkaRaftClient.
class RaftClient {
 public:
  /// What the quorum's user wants to hear of; each is called after the fact.
  struct Listener {
    /// More records are committed.
    std::function<void()> onHighWatermark;
    /// The log was replaced by a snapshot and begins at its end.
    std::function<void()> onSnapshotInstalled;
    /// There may be more to read.
    std::function<void()> onAppended;
    /// Role, epoch or leader have changed.
    std::function<void()> onLeaderChange;
    /// The log or the quorum's state cannot be written; the client is closed.
    std::function<void(const std::string& reason)> onStorageFailure;
  };

  /// `log` is loaded and outlives this.
  RaftClient(world::NodeContext& context, const ControllerConfig& config, MetadataLog& log, QuorumState quorum,
             base::Random random, Listener listener);

  /// Takes part from now on; an only voter leads when this returns.
  void start();
  /// Resigns if it leads, waits until another leads, then calls `done`, at the latest after five seconds. Kafka:
  /// shutdown.
  void shutDown(std::function<void()> done);
  /// Takes no part any more, at once and without a word; the log directory has failed.
  void close();
  bool isClosed() const { return m_isClosed; }

  const QuorumState& quorum() const { return m_quorum; }
  bool isLeader() const { return m_quorum.role() == QuorumRole::Leader; }
  LeaderAndEpoch leaderAndEpoch() const { return {m_quorum.leaderId(), m_quorum.epoch()}; }
  /// Of the own epoch; only while it leads.
  base::Offset epochStartOffset() const;
  /// The user could not go on leading.
  void resign(const std::string& reason);
  /// The user has appended records, and they are on stable storage.
  void onLocalAppend();

  // Requests of other voters and observers.

  protocol::VoteResponse handleVote(const protocol::VoteRequest& request);
  protocol::BeginQuorumEpochResponse handleBeginQuorumEpoch(const protocol::BeginQuorumEpochRequest& request);
  protocol::EndQuorumEpochResponse handleEndQuorumEpoch(const protocol::EndQuorumEpochRequest& request);
  protocol::FetchSnapshotResponse handleFetchSnapshot(const protocol::FetchSnapshotRequest& request);
  /// A replica's Fetch tells how far its log is. May move the high watermark.
  void noteFetch(const protocol::FetchRequest& request, int16_t version);
  /// The answer to a Fetch as it is now. Voters are given all records; observers, which here keep no log that could be
  /// cut again, only committed ones.
  protocol::FetchResponse answerFetch(const protocol::FetchRequest& request, int16_t version) const;

 private:
  using Now = base::VirtualTime;
  /// Says whether the answer was of use; after one that was not there is a pause.
  using AnswerHandler = std::function<bool(const protocol::ResponseBody& body)>;

  Now now() const { return m_context.clock.now(); }
  base::TimestampMs nowMs() const { return m_context.clock.wallClockMs(); }

  // Life.
  void poll();
  Now pollRole();
  bool mayEnd() const;
  void finishShutDown();
  void onTimer();
  void fail(const base::Error& error);
  /// False, and the client is closed, when it was not written.
  bool isWritten(const base::Status& status);

  // Requests.
  bool isOwnCluster(const std::optional<std::string>& clusterId) const;
  bool maybeSend(int32_t to, int16_t version, protocol::RequestBody request, AnswerHandler onAnswer);
  /// Deals with what an answer says of epoch and leader; true when nothing is left to do with it.
  bool handleCommonAnswer(base::ErrorCode error, const LeaderAndEpoch& theirs);
  void maybeTransition(const LeaderAndEpoch& theirs, const std::string& reason);
  base::ErrorCode checkLeaderOnly(int32_t currentLeaderEpoch) const;

  // Transitions, told to trace and listener.
  struct Before {
    QuorumRole role;
    int32_t epoch;
  };
  Before before() const { return {m_quorum.role(), m_quorum.epoch()}; }
  void onTransition(const Before& before, const std::string& reason);
  void becomeUnattached(int32_t epoch, std::optional<int32_t> leaderId, const std::string& reason);
  void becomeProspective(const std::string& reason);
  void becomeCandidate(const std::string& reason);
  void becomeLeader();
  void becomeFollower(int32_t epoch, int32_t leaderId, const std::string& reason);

  // Elections.
  Now pollUnattached();
  Now pollProspective();
  Now pollCandidate();
  Now askForVotes(const EpochElection& election, bool isPreVote);
  bool handleVoteAnswer(int32_t voter, const protocol::ResponseBody& body);
  void recordVote(int32_t voter, bool isGranted);
  void onPreVotesLost(const std::string& reason);
  VoteAnswer decideVote(const protocol::VoteRequest::TopicData::PartitionData& asked);

  // Leading, and having led.
  Now pollLeader();
  Now pollResigned();
  void tellVoters();
  void onReplicaProgress(bool hasMoved);

  // Following.
  Now pollFollower();
  void maybeFetchFrom(int32_t voter);
  Now maybeFetchFromAny();
  protocol::FetchRequest fetchRequest() const;
  bool handleFetchAnswer(int32_t source, const protocol::ResponseBody& body);
  bool followTo(const protocol::FetchResponse::PartitionData& fetched);
  bool truncateTo(const SnapshotId& leaderEnd);
  bool appendFetched(const base::SharedBytes& batches);
  void updateFollowerHighWatermark(base::Offset leaderHighWatermark);

  // Snapshots.
  void startSnapshotFetch(const SnapshotId& id);
  void maybeFetchSnapshotFrom(int32_t leader);
  bool handleFetchSnapshotAnswer(int32_t source, const protocol::ResponseBody& body);
  bool installFetchedSnapshot(FollowerState& follower);

  // Constant.
  world::NodeContext& m_context;
  const ControllerConfig& m_config;
  MetadataLog& m_log;
  const Listener m_listener;

  // Persistent, through its file.
  QuorumState m_quorum;

  // Volatile.
  base::Random m_random;
  RequestManager m_requests;
  world::TimerId m_timer = 0;
  Now m_timerDue = base::kVirtualTimeMax;
  bool m_isClosed = false;
  bool m_isPolling = false;
  /// Something has changed since the present poll began.
  bool m_hasChanged = false;
  /// Set from `shutDown` on.
  std::function<void()> m_onShutDown;
  Now m_shutDownDeadline = base::kVirtualTimeMax;
};

}  // namespace streamscope::controller
