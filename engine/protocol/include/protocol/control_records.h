#pragma once

#include <cstdint>
#include <vector>

#include "base/uuid.h"
#include "protocol/field.h"

namespace streamscope::protocol {

// Values of control records. Their keys say which it is: version int16, type int16.

/// First record of a new leader of the metadata log (control type 2).
struct LeaderChangeMessage {
  static constexpr MessageInfo kInfo{"LeaderChangeMessage", -1, 0, 1, 0};

  struct Voter {
    int32_t voterId = 0;
    base::Uuid voterDirectoryId;

    bool operator==(const Voter&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("VoterId", &Voter::voterId, since(0));
      visit("VoterDirectoryId", &Voter::voterDirectoryId, since(1));
    }
  };

  int16_t version = 0;
  int32_t leaderId = 0;
  std::vector<Voter> voters;
  std::vector<Voter> grantingVoters;

  bool operator==(const LeaderChangeMessage&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("Version", &LeaderChangeMessage::version, since(0));
    visit("LeaderId", &LeaderChangeMessage::leaderId, since(0));
    visit("Voters", &LeaderChangeMessage::voters, since(0));
    visit("GrantingVoters", &LeaderChangeMessage::grantingVoters, since(0));
  }
};

/// First record of a metadata snapshot (control type 3).
struct SnapshotHeaderRecord {
  static constexpr MessageInfo kInfo{"SnapshotHeaderRecord", -1, 0, 0, 0};

  int16_t version = 0;
  int64_t lastContainedLogTimestamp = 0;

  bool operator==(const SnapshotHeaderRecord&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("Version", &SnapshotHeaderRecord::version, since(0));
    visit("LastContainedLogTimestamp", &SnapshotHeaderRecord::lastContainedLogTimestamp, since(0));
  }
};

/// Last record of a metadata snapshot (control type 4).
struct SnapshotFooterRecord {
  static constexpr MessageInfo kInfo{"SnapshotFooterRecord", -1, 0, 0, 0};

  int16_t version = 0;

  bool operator==(const SnapshotFooterRecord&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("Version", &SnapshotFooterRecord::version, since(0));
  }
};

}  // namespace streamscope::protocol
