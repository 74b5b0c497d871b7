BEGIN TRANSACTION;
CREATE TABLE guiyi_about (
	name VARCHAR(50) NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "guiyi_about" VALUES('schema_version','1');
INSERT INTO "guiyi_about" VALUES('audit_head','4:ecfdfff72e164b1da0792503a8d5375785e57f89299d86a1b8ebc28460e68dee');
CREATE TABLE guiyi_audit (
	number INTEGER NOT NULL, 
	at VARCHAR(40) NOT NULL, 
	who VARCHAR(200) NOT NULL, 
	action VARCHAR(100) NOT NULL, 
	subject VARCHAR(500) NOT NULL, 
	details TEXT NOT NULL, 
	previous VARCHAR(64) NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	PRIMARY KEY (number)
);
INSERT INTO "guiyi_audit" VALUES(1,'2026-11-30T14:53:33.511+00:00','root','run.running','r1','{"project": "project", "spec": null}','0000000000000000000000000000000000000000000000000000000000000000','e68db9767e2397c7a2cac09388e1f2587e45b2fa53cd818047190442686f90a4');
INSERT INTO "guiyi_audit" VALUES(2,'2026-11-30T14:53:33.542+00:00','li','decision','1','{"decision": "must-link", "entity": "company", "field": null, "why": null}','e68db9767e2397c7a2cac09388e1f2587e45b2fa53cd818047190442686f90a4','fe722c542a0d5444188593ba469a0d642a5cd8d4c7b262ba27a8b698c215c533');
INSERT INTO "guiyi_audit" VALUES(3,'2026-11-30T14:53:33.545+00:00','li','correction','crm:t/9','{"entity": "company", "field": "name", "why": null}','fe722c542a0d5444188593ba469a0d642a5cd8d4c7b262ba27a8b698c215c533','b31b8ba62cd7935babe581540cb0827b43e7eeb24ba1415039f87d2e26ab5a7a');
INSERT INTO "guiyi_audit" VALUES(4,'2026-11-30T14:53:33.546+00:00','root','run.passed','r1','{"project": "project", "spec": null}','b31b8ba62cd7935babe581540cb0827b43e7eeb24ba1415039f87d2e26ab5a7a','ecfdfff72e164b1da0792503a8d5375785e57f89299d86a1b8ebc28460e68dee');
CREATE TABLE guiyi_batch_rows (
	batch_id VARCHAR(150) NOT NULL, 
	external_id VARCHAR(150) NOT NULL, 
	crm_entity VARCHAR(100) NOT NULL, 
	action VARCHAR(20) NOT NULL, 
	"before" TEXT, 
	"after" TEXT, 
	reason TEXT, 
	PRIMARY KEY (batch_id, external_id)
);
CREATE TABLE guiyi_batches (
	batch_id VARCHAR(150) NOT NULL, 
	number INTEGER NOT NULL, 
	run_id VARCHAR(100) NOT NULL, 
	crm_entity VARCHAR(100) NOT NULL, 
	phase VARCHAR(20) NOT NULL, 
	status VARCHAR(20) NOT NULL, 
	opened VARCHAR(40) NOT NULL, 
	closed VARCHAR(40), 
	rows INTEGER NOT NULL, 
	created INTEGER NOT NULL, 
	updated INTEGER NOT NULL, 
	unchanged INTEGER NOT NULL, 
	rejected INTEGER NOT NULL, 
	PRIMARY KEY (batch_id), 
	UNIQUE (number)
);
CREATE TABLE guiyi_corrections (
	id INTEGER NOT NULL, 
	entity VARCHAR(100) NOT NULL, 
	source VARCHAR(100) NOT NULL, 
	record_id VARCHAR(500) NOT NULL, 
	field VARCHAR(100) NOT NULL, 
	value TEXT, 
	who VARCHAR(200) NOT NULL, 
	at VARCHAR(40) NOT NULL, 
	why TEXT, 
	PRIMARY KEY (id)
);
INSERT INTO "guiyi_corrections" VALUES(1,'company','crm','t/9','name','丙','li','2026-11-30T14:53:33.543+00:00',NULL);
CREATE TABLE guiyi_crosswalk (
	id INTEGER NOT NULL, 
	entity VARCHAR(100) NOT NULL, 
	source VARCHAR(100) NOT NULL, 
	record_id VARCHAR(500) NOT NULL, 
	golden_id VARCHAR(40) NOT NULL, 
	valid_from VARCHAR(100) NOT NULL, 
	valid_to VARCHAR(100), 
	PRIMARY KEY (id)
);
INSERT INTO "guiyi_crosswalk" VALUES(1,'company','crm','t/3','GGGTMXEM9T57DS9ES','r1','r2');
INSERT INTO "guiyi_crosswalk" VALUES(2,'company','crm','t/1','GTMNYY5G3F2KC5WQ8','r1',NULL);
INSERT INTO "guiyi_crosswalk" VALUES(3,'company','crm','t/2','GTMNYY5G3F2KC5WQ8','r1',NULL);
INSERT INTO "guiyi_crosswalk" VALUES(4,'company','crm','t/3','GTMNYY5G3F2KC5WQ8','r2',NULL);
CREATE TABLE guiyi_decisions (
	id INTEGER NOT NULL, 
	entity VARCHAR(100) NOT NULL, 
	decision VARCHAR(20) NOT NULL, 
	"left" VARCHAR(700) NOT NULL, 
	"right" VARCHAR(700), 
	field VARCHAR(100), 
	value TEXT, 
	who VARCHAR(200) NOT NULL, 
	at VARCHAR(40) NOT NULL, 
	why TEXT, 
	revoked VARCHAR(40), 
	PRIMARY KEY (id)
);
INSERT INTO "guiyi_decisions" VALUES(1,'company','must-link','crm:t/1','crm:t/2',NULL,NULL,'li','2026-11-30T14:53:33.540+00:00',NULL,NULL);
CREATE TABLE guiyi_golden_ids (
	entity VARCHAR(100) NOT NULL, 
	golden_id VARCHAR(40) NOT NULL, 
	number INTEGER NOT NULL, 
	created_run VARCHAR(100) NOT NULL, 
	retired_run VARCHAR(100), 
	superseded_by VARCHAR(40), 
	PRIMARY KEY (entity, golden_id)
);
INSERT INTO "guiyi_golden_ids" VALUES('company','GGGTMXEM9T57DS9ES',1,'r1','r2','GTMNYY5G3F2KC5WQ8');
INSERT INTO "guiyi_golden_ids" VALUES('company','GTMNYY5G3F2KC5WQ8',1,'r1',NULL,NULL);
CREATE TABLE guiyi_golden_records (
	entity VARCHAR(100) NOT NULL, 
	golden_id VARCHAR(40) NOT NULL, 
	run_id VARCHAR(100) NOT NULL, 
	fields TEXT NOT NULL, 
	PRIMARY KEY (entity, golden_id)
);
INSERT INTO "guiyi_golden_records" VALUES('company','GGGTMXEM9T57DS9ES','r1','{"name":"乙"}');
INSERT INTO "guiyi_golden_records" VALUES('company','GTMNYY5G3F2KC5WQ8','r1','{"name":"甲"}');
CREATE TABLE guiyi_locks (
	project VARCHAR(100) NOT NULL, 
	run_id VARCHAR(100) NOT NULL, 
	host VARCHAR(255) NOT NULL, 
	pid INTEGER NOT NULL, 
	process VARCHAR(100) NOT NULL, 
	since VARCHAR(40) NOT NULL, 
	PRIMARY KEY (project)
);
CREATE TABLE guiyi_quarantine (
	id INTEGER NOT NULL, 
	entity VARCHAR(100) NOT NULL, 
	stage VARCHAR(20) NOT NULL, 
	source VARCHAR(100), 
	record_id VARCHAR(500), 
	golden_id VARCHAR(40), 
	suite VARCHAR(200), 
	expectation VARCHAR(200), 
	"column" TEXT, 
	reason TEXT NOT NULL, 
	status VARCHAR(20) NOT NULL, 
	opened_run VARCHAR(100) NOT NULL, 
	seen_run VARCHAR(100) NOT NULL, 
	closed_run VARCHAR(100), 
	PRIMARY KEY (id)
);
INSERT INTO "guiyi_quarantine" VALUES(1,'company','records','crm','t/9',NULL,'s','x','name','name is missing','corrected','r1','r1',NULL);
CREATE TABLE guiyi_runs (
	run_id VARCHAR(100) NOT NULL, 
	project VARCHAR(100) NOT NULL, 
	started VARCHAR(40) NOT NULL, 
	finished VARCHAR(40), 
	status VARCHAR(20) NOT NULL, 
	spec_digest VARCHAR(128), 
	summary TEXT, 
	PRIMARY KEY (run_id)
);
INSERT INTO "guiyi_runs" VALUES('r1','project','2026-11-30T14:53:33.509+00:00','2026-11-30T14:53:33.546+00:00','passed',NULL,'{}');
CREATE INDEX ix_guiyi_batches_run_id ON guiyi_batches (run_id);
CREATE INDEX guiyi_batch_rows_external ON guiyi_batch_rows (crm_entity, external_id);
CREATE INDEX guiyi_crosswalk_golden ON guiyi_crosswalk (entity, golden_id);
CREATE INDEX ix_guiyi_quarantine_status ON guiyi_quarantine (status);
COMMIT;
