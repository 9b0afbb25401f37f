#pragma once

#include "controller/metadata_image.h"
#include "protocol/messages/join_group.h"
#include "protocol/messages/leave_group.h"
#include "protocol/messages/offset_commit.h"
#include "protocol/messages/offset_delete.h"
#include "protocol/messages/offset_fetch.h"

namespace streamscope::coordinator {

// Requests about groups as their newest versions have them, and answers as the versions asked have them: what the
// coordinator does in between is the same for all.

/// Before version 1 of JoinGroup the session timeout was the rebalance timeout, too.
void completeTimeouts(protocol::JoinGroupRequest& request, int16_t version);

/// Before version 3 one member leaves, which then is told what came of it at the top.
void listMembers(protocol::LeaveGroupRequest& request, int16_t version);
void tellOnlyMember(protocol::LeaveGroupResponse& answer, int16_t version);

/// Takes topics and partitions that do not exist out of a commit and into the answer; names those that have only an id.
void takeOutUnknown(const controller::MetadataImage& image, int16_t version, protocol::OffsetCommitRequest& request,
                    protocol::OffsetCommitResponse& answer);
void takeOutUnknown(const controller::MetadataImage& image, protocol::OffsetDeleteRequest& request,
                    protocol::OffsetDeleteResponse& answer);

using OffsetFetchGroup = protocol::OffsetFetchRequest::OffsetFetchRequestGroup;
using OffsetFetchGroupAnswer = protocol::OffsetFetchResponse::OffsetFetchResponseGroup;

/// Before version 8 one group is asked about.
std::vector<OffsetFetchGroup> groupsOf(const protocol::OffsetFetchRequest& request, int16_t version);
/// Takes topics whose id nobody knows out of the question and into the answer; names the others.
void takeOutUnknown(const controller::MetadataImage& image, int16_t version, OffsetFetchGroup& question,
                    OffsetFetchGroupAnswer& answer);
protocol::OffsetFetchResponse answerOf(const protocol::OffsetFetchRequest& request,
                                       std::vector<OffsetFetchGroupAnswer> groups, int16_t version);

}  // namespace streamscope::coordinator
