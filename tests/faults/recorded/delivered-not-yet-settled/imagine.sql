BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0006');
CREATE TABLE erasures (
	id INTEGER NOT NULL, 
	user_id BIGINT NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE "generations" (
	id CHAR(32) NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	created_at DATETIME NOT NULL, 
	server_key VARCHAR(32) NOT NULL, 
	guild_id BIGINT, 
	channel_id BIGINT NOT NULL, 
	user_id BIGINT NOT NULL, 
	executor VARCHAR(64) NOT NULL, 
	upload_limit_bytes BIGINT NOT NULL, 
	application_id BIGINT, 
	interaction_token TEXT, 
	interaction_expires_at DATETIME, 
	prompt TEXT NOT NULL, 
	params JSON NOT NULL, 
	"references" JSON NOT NULL, 
	pace VARCHAR(32) NOT NULL, 
	credits_reserved INTEGER NOT NULL, 
	credits INTEGER, 
	usual_seconds FLOAT, 
	card_id BIGINT, 
	message_id BIGINT, 
	job_id VARCHAR(64), 
	submitted_at DATETIME, 
	delivery_began_at DATETIME, 
	finished_at DATETIME, 
	result_url TEXT, 
	image_key VARCHAR(96), 
	failure JSON, 
	private BOOLEAN DEFAULT 0 NOT NULL, 
	spoiler BOOLEAN DEFAULT 0 NOT NULL, 
	reply_to_id BIGINT, 
	parent_id CHAR(32), 
	parent_kinship VARCHAR(16), 
	parent_channel_id BIGINT, 
	parent_message_id BIGINT, 
	image_width INTEGER, 
	image_height INTEGER, 
	deleted_at DATETIME, erased_at DATETIME, 
	PRIMARY KEY (id)
);
INSERT INTO "generations" VALUES('b45584ccd84742c780464f9fe472b8a8','fetched','2026-11-22 15:33:41.117359','guild:1563213830966738944',1563213830966738944,1574085466930544641,1574085466930544642,'shards-all',10485760,1574085466909573120,'qZCfQitvpeIFZLon4KlqNxnSDVsYch0bal3m8BM922QTR_lIuaPlq3E4kK5qlh8l','2026-11-22 15:48:41.103000','a red boat at dawn','{"seed": 32694624}','[]','default+0',10,7,NULL,1574085469916889088,1574085469916889088,'651e6b9f-4034-40b8-bc72-c80496f726df','2026-11-22 15:33:41.239175','2026-11-22 15:33:41.472268',NULL,'http://127.0.0.1:43669/cdn/results/651e6b9f-4034-40b8-bc72-c80496f726df/0.webp','81/810cf85683b62ae95dbb55e0b6e9dae2542be0be21aede26ad8cd8bd6475dd74.webp',NULL,0,0,NULL,NULL,NULL,NULL,NULL,1024,1024,NULL,NULL);
CREATE TABLE refusals (
	id INTEGER NOT NULL, 
	server_key VARCHAR(32) NOT NULL, 
	user_id BIGINT NOT NULL, 
	at DATETIME NOT NULL, 
	rule VARCHAR(32) NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE rule_changes (
	id INTEGER NOT NULL, 
	server_key VARCHAR(32) NOT NULL, 
	at DATETIME NOT NULL, 
	by_id BIGINT NOT NULL, 
	command TEXT NOT NULL, 
	changes JSON NOT NULL, 
	undone BOOLEAN DEFAULT 0 NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE rulebooks (
	server_key VARCHAR(32) NOT NULL, 
	rules JSON NOT NULL, 
	PRIMARY KEY (server_key)
);
CREATE TABLE troubles (
	trouble VARCHAR(32) NOT NULL, 
	since DATETIME NOT NULL, over BOOLEAN DEFAULT 0 NOT NULL, credits_left INTEGER, tell_at DATETIME, 
	PRIMARY KEY (trouble)
);
CREATE INDEX generations_by_pace ON generations (pace, state, finished_at);
CREATE INDEX generations_by_state ON generations (state, created_at);
CREATE INDEX generations_by_message ON generations (message_id);
CREATE INDEX rule_changes_by_server ON rule_changes (server_key, id);
CREATE INDEX refusals_by_server ON refusals (server_key, at);
CREATE INDEX generations_by_server ON generations (server_key, created_at, state, credits, credits_reserved);
CREATE INDEX generations_by_member ON generations (server_key, user_id, created_at, state, credits, credits_reserved);
CREATE INDEX generations_unfinished ON generations (server_key, user_id) WHERE finished_at IS NULL;
CREATE INDEX generations_by_person ON generations (user_id, created_at);
CREATE INDEX generations_with_token ON generations (interaction_expires_at) WHERE interaction_token IS NOT NULL;
COMMIT;
