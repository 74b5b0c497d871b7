// A small CRM: accounts and contacts with versions, and what the conformance checks write.
using { cuid } from '@sap/cds/common';
namespace crm;

aspect versioned {
  modifiedAt : Timestamp @cds.on.insert: $now @cds.on.update: $now @odata.etag;
}

entity Accounts : cuid, versioned {
  guiyi_id  : String(40);
  code      : String(20);
  name      : String(160);
  revenue   : Decimal(15, 2);
  employees : Integer;
  active    : Boolean;
  founded   : Date;
  parent    : Association to Accounts;
}
annotate Accounts with @assert.unique: { guiyi: [guiyi_id], code: [code] };

entity Contacts : cuid, versioned {
  guiyi_id : String(40);
  name     : String(80) not null;
  account  : Association to Accounts;
}
annotate Contacts with @assert.unique: { guiyi: [guiyi_id] };

entity Notes {
  key external_id : String(40);
      name        : String(50);
      note        : String;
}

service api @(path: '/api', requires: 'any') {
  entity accounts    as projection on Accounts;
  entity contacts    as projection on Contacts;
  entity conformance as projection on Notes;
}
