BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE alerts (
	alert VARCHAR(32) NOT NULL, 
	since DATETIME NOT NULL, 
	resolved BOOLEAN DEFAULT 0 NOT NULL, 
	credits_left INTEGER, 
	notify_at DATETIME, 
	detail TEXT, 
	PRIMARY KEY (alert)
);
CREATE TABLE audit_log (
	id INTEGER NOT NULL, 
	server_key VARCHAR(32) NOT NULL, 
	at DATETIME NOT NULL, 
	by_id BIGINT NOT NULL, 
	command TEXT NOT NULL, 
	changes JSON NOT NULL, 
	undone BOOLEAN DEFAULT 0 NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE budget_notices (
	server_key VARCHAR(32) NOT NULL, 
	budget VARCHAR(32) NOT NULL, 
	percent INTEGER NOT NULL, 
	allowed FLOAT NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY (server_key, budget, percent)
);
CREATE TABLE erasures (
	id INTEGER NOT NULL, 
	user_id BIGINT NOT NULL, 
	at DATETIME NOT NULL, 
	server_key VARCHAR(32), 
	since DATETIME, 
	PRIMARY KEY (id)
);
CREATE TABLE executors (
	id VARCHAR(64) NOT NULL, 
	started_at DATETIME NOT NULL, 
	stopped_at DATETIME, 
	shard_count INTEGER, 
	shard_ids JSON NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "executors" VALUES('shards-all','2026-11-29 15:29:32.749769',NULL,NULL,'[]');
CREATE TABLE favourites (
	user_id BIGINT NOT NULL, 
	generation_id CHAR(32) NOT NULL, 
	server_key VARCHAR(32) NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY (user_id, generation_id)
);
CREATE TABLE generations (
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
	reply_to_id BIGINT, 
	event VARCHAR(160), 
	event_round INTEGER DEFAULT '0' NOT NULL, 
	prompt TEXT NOT NULL, 
	prompt_folded TEXT NOT NULL, 
	params JSON NOT NULL, 
	"references" JSON NOT NULL, 
	duration_key VARCHAR(32) NOT NULL, 
	private BOOLEAN DEFAULT 0 NOT NULL, 
	spoiler BOOLEAN DEFAULT 0 NOT NULL, 
	age_restricted BOOLEAN DEFAULT 0 NOT NULL, 
	locale VARCHAR(16), 
	style JSON, 
	style_id INTEGER, 
	sources JSON, 
	parent_id CHAR(32), 
	parent_derivation VARCHAR(16), 
	parent_channel_id BIGINT, 
	parent_message_id BIGINT, 
	batch_id CHAR(32), 
	batch_place INTEGER, 
	batch_size INTEGER, 
	review JSON, 
	approved_at DATETIME, 
	credits_reserved INTEGER NOT NULL, 
	credits INTEGER, 
	refunded BOOLEAN DEFAULT 0 NOT NULL, 
	usual_seconds FLOAT, 
	estimate JSON, 
	drawing_seconds FLOAT, 
	card_id BIGINT, 
	message_id BIGINT, 
	message_channel_id BIGINT, 
	job_id VARCHAR(64), 
	submitted_at DATETIME, 
	order_body TEXT, 
	delivery_began_at DATETIME, 
	finished_at DATETIME, 
	result_url TEXT, 
	image_key VARCHAR(96), 
	image_width INTEGER, 
	image_height INTEGER, 
	unsaved_since DATETIME, 
	deleted_at DATETIME, 
	erased_at DATETIME, 
	failure JSON, 
	PRIMARY KEY (id)
);
INSERT INTO "generations" VALUES('0f4b312daa9c410fb7247920a010091a','delivered','2026-11-29 15:29:33.249593','guild:1565749505255538688',1565749505255538688,1576621141219344386,1576621141219344387,'shards-all',10485760,1576621140997046272,'nIyu7K80K1eysMPt-9KryRfYCOTUvHUJswjGp9p5Ryth8v5O-8UeDmgllpUAyKmt','2026-11-29 15:44:33.233000',NULL,'interaction:1576621145254264832',0,'a red boat at dawn','a red boat at dawn','{"seed": 321948145}','[]','1.0 MP+0',0,0,0,'en-US',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,10,7,0,NULL,'{"price": {"least": 7, "most": 36}, "left": null}',0.1,1576621145447202816,1576621145447202816,1576621141219344386,'543b8a90-2e4d-4f1a-88f2-ef8fbf71384d','2026-11-29 15:29:33.371521',NULL,'2026-11-29 15:29:33.583693','2026-11-29 15:29:33.631571','http://127.0.0.1:44595/cdn/results/543b8a90-2e4d-4f1a-88f2-ef8fbf71384d/0.webp%7E?response-content-disposition=inline%3B%20filename%3D%27picture%7E1%2Fof%2F1%27&signature=b126ed74551eccb7%2F%3A%2B','64/643b2791e2aabc5b8f6aee25041859fd20479c3c26760f82afc3be455eba987f.webp',1024,1024,NULL,NULL,NULL,NULL);
CREATE TABLE member_defaults (
	user_id BIGINT NOT NULL, 
	choices JSON NOT NULL, 
	changed_at DATETIME NOT NULL, 
	PRIMARY KEY (user_id)
);
CREATE TABLE refusals (
	id INTEGER NOT NULL, 
	server_key VARCHAR(32) NOT NULL, 
	user_id BIGINT NOT NULL, 
	at DATETIME NOT NULL, 
	rule VARCHAR(32) NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE reposts (
	request_id BIGINT NOT NULL, 
	generation_id CHAR(32) NOT NULL, 
	channel_id BIGINT NOT NULL, 
	message_id BIGINT, 
	PRIMARY KEY (request_id)
);
CREATE TABLE reviews (
	generation_id CHAR(32) NOT NULL, 
	server_key VARCHAR(32) NOT NULL, 
	user_id BIGINT NOT NULL, 
	channel_id BIGINT NOT NULL, 
	message_id BIGINT, 
	asked_at DATETIME NOT NULL, 
	deadline DATETIME NOT NULL, 
	decision VARCHAR(16), 
	decided_by BIGINT, 
	decided_at DATETIME, 
	reason TEXT DEFAULT '' NOT NULL, 
	card VARCHAR(16) NOT NULL, 
	card_due_at DATETIME, 
	tried BOOLEAN DEFAULT 0 NOT NULL, 
	lost_id BIGINT, 
	resume_due_at DATETIME, 
	told_at DATETIME, 
	PRIMARY KEY (generation_id)
);
CREATE TABLE rulebooks (
	server_key VARCHAR(32) NOT NULL, 
	rules JSON NOT NULL, 
	PRIMARY KEY (server_key)
);
CREATE TABLE server_locales (
	guild_id BIGINT NOT NULL, 
	locale VARCHAR(16), 
	is_community BOOLEAN NOT NULL, 
	PRIMARY KEY (guild_id)
);
CREATE TABLE showcase (
	generation_id CHAR(32) NOT NULL, 
	channel_id BIGINT NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	at DATETIME NOT NULL, 
	tried_at DATETIME, 
	message_id BIGINT, 
	PRIMARY KEY (generation_id)
);
CREATE TABLE styles (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	owner VARCHAR(32) NOT NULL, 
	name TEXT NOT NULL, 
	name_key TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	content JSON NOT NULL, 
	shared_in JSON NOT NULL, 
	created_at DATETIME NOT NULL, 
	edited_at DATETIME NOT NULL
);
CREATE TABLE usage_hours (
	server_key VARCHAR(32) NOT NULL, 
	user_id BIGINT NOT NULL, 
	hour DATETIME NOT NULL, 
	pictures INTEGER NOT NULL, 
	credits INTEGER NOT NULL, 
	PRIMARY KEY (server_key, user_id, hour)
)
 WITHOUT ROWID

;
INSERT INTO "usage_hours" VALUES('guild:1565749505255538688',-1,'2026-11-29 15:00:00.000000',1,7);
INSERT INTO "usage_hours" VALUES('guild:1565749505255538688',1576621141219344387,'2026-11-29 15:00:00.000000',1,7);
CREATE TABLE weekly_summaries (
	server_key VARCHAR(32) NOT NULL, 
	week DATE NOT NULL, 
	not_before DATETIME NOT NULL, 
	channel_id BIGINT, 
	posting_since DATETIME, 
	done BOOLEAN DEFAULT 0 NOT NULL, 
	PRIMARY KEY (server_key, week)
);
CREATE INDEX audit_log_by_server ON audit_log (server_key, id);
CREATE INDEX favourites_by_person ON favourites (user_id, server_key);
CREATE INDEX favourites_by_picture ON favourites (generation_id, user_id);
CREATE INDEX generations_by_duration_key ON generations (duration_key, state, finished_at);
CREATE UNIQUE INDEX generations_by_event ON generations (event, event_round);
CREATE INDEX generations_by_job ON generations (job_id);
CREATE INDEX generations_by_member ON generations (server_key, user_id, created_at, state, credits, credits_reserved, refunded);
CREATE INDEX generations_by_message ON generations (message_id);
CREATE INDEX generations_by_parent ON generations (parent_id, state, created_at);
CREATE INDEX generations_by_person ON generations (user_id, created_at);
CREATE INDEX generations_by_server ON generations (server_key, created_at, state, credits, credits_reserved, user_id, channel_id, style_id);
CREATE INDEX generations_by_state ON generations (state, created_at);
CREATE INDEX generations_in_history_with_prompt ON generations (server_key, user_id, created_at, channel_id, private, id, style_id, prompt_folded, state, finished_at, deleted_at) WHERE finished_at IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX generations_by_batch ON generations (batch_id, batch_place) WHERE batch_id IS NOT NULL;
CREATE INDEX generations_unfinished ON generations (server_key, user_id) WHERE finished_at IS NULL;
CREATE INDEX generations_unsaved ON generations (executor, unsaved_since) WHERE unsaved_since IS NOT NULL;
CREATE INDEX generations_with_token ON generations (interaction_expires_at) WHERE interaction_token IS NOT NULL;
CREATE INDEX generations_with_style ON generations (created_at) WHERE style_id IS NOT NULL;
CREATE INDEX refusals_by_server ON refusals (server_key, at);
CREATE INDEX reposts_by_generation ON reposts (generation_id);
CREATE INDEX reposts_by_message ON reposts (message_id);
CREATE INDEX reviews_open ON reviews (deadline) WHERE decision IS NULL;
CREATE INDEX reviews_with_card_due ON reviews (card_due_at) WHERE card_due_at IS NOT NULL;
CREATE INDEX reviews_to_resume ON reviews (resume_due_at) WHERE resume_due_at IS NOT NULL;
CREATE INDEX reviews_by_member ON reviews (server_key, user_id, decision);
CREATE INDEX reviews_by_message ON reviews (message_id);
CREATE INDEX showcase_by_state ON showcase (state, at);
CREATE UNIQUE INDEX styles_by_name ON styles (owner, name_key);
CREATE TRIGGER usage_after_insert AFTER INSERT ON generations BEGIN
    INSERT INTO usage_hours (server_key, user_id, hour, pictures, credits)
    SELECT NEW.server_key, who.user_id, substr(NEW.created_at, 1, 13) || ':00:00.000000', 1, coalesce(NEW.credits, NEW.credits_reserved)
    FROM (SELECT -1 AS user_id UNION ALL SELECT NEW.user_id) AS who
    WHERE (NEW.state <> 'failed' OR coalesce(NEW.credits, 0) > 0) AND (who.user_id = -1 OR NOT NEW.refunded)
    ON CONFLICT (server_key, user_id, hour) DO UPDATE SET
        pictures = usage_hours.pictures + excluded.pictures, credits = usage_hours.credits + excluded.credits;
END;
CREATE TRIGGER usage_after_update AFTER UPDATE OF state, credits, credits_reserved, refunded, server_key, user_id, created_at ON generations WHEN ((OLD.state <> 'failed' OR coalesce(OLD.credits, 0) > 0), coalesce(OLD.credits, OLD.credits_reserved), OLD.refunded, OLD.server_key, OLD.user_id, OLD.created_at) IS NOT ((NEW.state <> 'failed' OR coalesce(NEW.credits, 0) > 0), coalesce(NEW.credits, NEW.credits_reserved), NEW.refunded, NEW.server_key, NEW.user_id, NEW.created_at) BEGIN
    INSERT INTO usage_hours (server_key, user_id, hour, pictures, credits)
    SELECT NEW.server_key, who.user_id, substr(NEW.created_at, 1, 13) || ':00:00.000000', 1, coalesce(NEW.credits, NEW.credits_reserved)
    FROM (SELECT -1 AS user_id UNION ALL SELECT NEW.user_id) AS who
    WHERE (NEW.state <> 'failed' OR coalesce(NEW.credits, 0) > 0) AND (who.user_id = -1 OR NOT NEW.refunded)
    ON CONFLICT (server_key, user_id, hour) DO UPDATE SET
        pictures = usage_hours.pictures + excluded.pictures, credits = usage_hours.credits + excluded.credits;

    INSERT INTO usage_hours (server_key, user_id, hour, pictures, credits)
    SELECT OLD.server_key, who.user_id, substr(OLD.created_at, 1, 13) || ':00:00.000000', -1, -coalesce(OLD.credits, OLD.credits_reserved)
    FROM (SELECT -1 AS user_id UNION ALL SELECT OLD.user_id) AS who
    WHERE (OLD.state <> 'failed' OR coalesce(OLD.credits, 0) > 0) AND (who.user_id = -1 OR NOT OLD.refunded)
    ON CONFLICT (server_key, user_id, hour) DO UPDATE SET
        pictures = usage_hours.pictures + excluded.pictures, credits = usage_hours.credits + excluded.credits;

    DELETE FROM usage_hours WHERE server_key = OLD.server_key AND user_id IN (-1, OLD.user_id)
        AND hour = substr(OLD.created_at, 1, 13) || ':00:00.000000' AND pictures = 0;
END;
CREATE TRIGGER usage_after_delete AFTER DELETE ON generations BEGIN
    INSERT INTO usage_hours (server_key, user_id, hour, pictures, credits)
    SELECT OLD.server_key, who.user_id, substr(OLD.created_at, 1, 13) || ':00:00.000000', -1, -coalesce(OLD.credits, OLD.credits_reserved)
    FROM (SELECT -1 AS user_id UNION ALL SELECT OLD.user_id) AS who
    WHERE (OLD.state <> 'failed' OR coalesce(OLD.credits, 0) > 0) AND (who.user_id = -1 OR NOT OLD.refunded)
    ON CONFLICT (server_key, user_id, hour) DO UPDATE SET
        pictures = usage_hours.pictures + excluded.pictures, credits = usage_hours.credits + excluded.credits;

    DELETE FROM usage_hours WHERE server_key = OLD.server_key AND user_id IN (-1, OLD.user_id)
        AND hour = substr(OLD.created_at, 1, 13) || ':00:00.000000' AND pictures = 0;
END;
DELETE FROM "sqlite_sequence";
COMMIT;
